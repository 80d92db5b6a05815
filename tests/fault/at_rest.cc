#include "tests/fault/at_rest.h"

namespace switchboard::fault {

namespace {

constexpr size_t kBlock = 32 * 1024;
constexpr size_t kHeader = 7;  // checksum 4, length 2, type 1

size_t index_of(Part part) {
  if (part == Part::kPublisher) return kDamagedPublisher;
  return part == Part::kDesk ? kDamagedDesk : 0;
}

}  // namespace

std::string kind_of(const std::string& path) {
  if (path.starts_with(kBackup)) return "backup";
  const std::string file = path.substr(path.rfind('/') + 1);
  if (file.ends_with(".log")) return "WAL";
  if (file.ends_with(".sst")) return "SST";
  return file.substr(0, file.find('-'));
}

std::vector<std::string> AtRest::files(const std::string& kind) const {
  std::vector<std::string> found;
  for (const std::string& path : ground(*world).disk().files()) {
    if (kind_of(path) == kind && ground(*world).disk().size(path) != 0) found.push_back(path);
  }
  return found;
}

AtRest at_rest(Part part, uint64_t seed) {
  DiskWorld::Options options{.seed = seed, .hub_on_disk = part == Part::kHub};
  options.member_on_disk = {part == Part::kPublisher, false, part == Part::kDesk, false};
  AtRest made{std::make_unique<DiskWorld>(options), part, index_of(part)};
  DiskWorld& world = *made.world;
  for (int i = 0; i < 12; ++i) world.step();
  CHECK(world.settle());
  if (part == Part::kHub) {
    CHECK(world.hub().ground().rocks()->backup(kBackup).ok());
    world.stop_hub();
  }
  for (size_t i = 0; i < kMembers; ++i) world.member(i).stop();  // logs become tables
  for (int i = 0; i < 5; ++i) {
    world.publish(world.dice().below(kPublishers));
    world.talk();
  }
  CHECK(world.settle());
  world.stop_hub();
  world.hub_may_start = false;
  world.talk();
  for (size_t i = 0; i < kPublishers; ++i) {
    for (int n = 0; n < 3; ++n) world.publish(i);
  }
  world.stop();
  world.hub_may_start = true;
  CHECK(world.said.empty());
  return made;
}

std::vector<size_t> record_bounds(const std::string& log) {
  std::vector<size_t> bounds;
  size_t at = 0;
  while (at + kHeader <= log.size()) {
    if (kBlock - at % kBlock < kHeader) {
      at += kBlock - at % kBlock;
      continue;
    }
    const auto byte = [&](size_t i) { return static_cast<size_t>(static_cast<uint8_t>(log[i])); };
    const size_t length = byte(at + 4) | byte(at + 5) << 8;
    if (byte(at + 6) == 0) break;
    const bool begins = byte(at + 6) == 1 || byte(at + 6) == 2;  // full, first
    if (begins) bounds.push_back(at);
    at += kHeader + length;
  }
  bounds.push_back(at);
  return bounds;
}

Outcome judge_damaged(const AtRest& rest, DiskWorld& world, std::string& text) {
  const auto first = world.judge();
  Outcome outcome = judged(world, first);
  text = first.text() + (world.said.empty() ? "" : "; said " + world.said.back());
  // What was refused must have a way back: the newest backup, and what partners and sources hold.
  if (first.stuck.empty() || outcome != Outcome::kDetected) return outcome;
  if (rest.part == Part::kHub) {
    CHECK(world.restore_hub(kBackup).ok());
  } else {
    world.replace_store(rest.index);
  }
  const auto mended = world.judge();
  if (!mended.promises_kept()) outcome = Outcome::kSilent;
  text += "; mended: " + mended.text();
  return outcome;
}

}  // namespace switchboard::fault
