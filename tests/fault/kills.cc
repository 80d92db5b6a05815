#include "tests/fault/kills.h"

namespace switchboard::test {
namespace {

constexpr uint64_t kEntriesMost = 40;     // between two kills
constexpr uint64_t kStartingMsMost = 80;  // a program is still starting

// A random moment within the start of a program that should not end by itself.
void some_time(Child& child, std::mt19937_64& draw) {
  eventually([&] { return !child.running(); }, std::chrono::milliseconds(draw() % kStartingMsMost));
}

}  // namespace

uint64_t Killer::Counts::all() const {
  uint64_t sum = hub;
  for (const auto count : members) sum += count;
  return sum;
}

void Killer::go_on(uint64_t kills) {
  while (counts_.all() < kills && world_.troubles().empty()) {
    if (world_.moves_on(1 + random_() % kEntriesMost)) once();
  }
}

// Nearly half of the kills meet the hub; now and then two fall together.
void Killer::once() {
  const auto draw = random_() % 16;
  if (draw < 5) {
    kill_hub();
    restart_hub();
  } else if (draw < 7) {
    kill_hub();
    kill_starting_hub();
    restart_hub();
  } else if (draw < 8) {
    Member& member = any();
    kill_hub();
    kill_member(member);
    ++counts_.together;
    member.start();
    restart_hub();
  } else {
    Member& member = any();
    kill_member(member);
    if (draw == 8) world_.moves_on(kEntriesMost);  // it is away while the others work
    // Of a team with one endpoint, so that what the hub counts can only be from there.
    if (member.name() == "mina") {
      world_.check_receipts(member);
      ++counts_.receipts_checked;
    }
    restart(member);
  }
}

void Killer::kill_hub() {
  if (!world_.world.hub.running()) world_.trouble("the hub ended by itself\n" + world_.logs());
  world_.world.hub.kill();
  ++counts_.hub;
}

// Killed again while it recovers, up to three times in a row.
void Killer::kill_starting_hub() {
  for (uint64_t times = 1 + random_() % 3; times > 0; --times) {
    world_.launch_hub();
    eventually([&] { return !world_.world.hub.running(); },
               std::chrono::milliseconds(random_() % kStartingMsMost));
    kill_hub();
    ++counts_.starting;
  }
}

void Killer::kill_member(Member& member) {
  if (!member.child().running()) {
    world_.trouble(member.name() + " ended by itself\n" + world_.logs());
  }
  member.child().kill();
  ++counts_.members[static_cast<size_t>(member.role())];
}

void Killer::restart(Member& member) {
  member.start();
  if (random_() % 4 != 0) return;
  some_time(member.child(), random_);
  kill_member(member);
  ++counts_.starting;
  member.start();
}

void Killer::restart_hub() {
  if (!world_.start_hub()) world_.trouble("the hub does not start\n" + world_.logs());
}

}  // namespace switchboard::test
