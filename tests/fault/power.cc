#include "tests/fault/power.h"

namespace switchboard::fault {

namespace {

struct Victim {
  Part part;
  size_t index;
};

Victim victim_of(sim::Random& random) {
  const uint64_t draw = random.below(10);
  if (draw < 6) return {Part::kHub, 0};
  if (draw < 8) return {Part::kPublisher, random.below(kPublishers)};
  return {Part::kDesk, kPublishers + random.below(kMembers - kPublishers)};
}

void let_start(DiskWorld& world, const Victim& victim, bool may) {
  if (victim.part == Part::kHub) {
    world.hub_may_start = may;
  } else {
    world.member_may_start[victim.index] = may;
  }
}

Plan cut_at(sim::Random& random, uint64_t most) {
  Plan plan{.trouble = Trouble::kPowerCut};
  plan.background = random.chance(200);
  plan.nth = 1 + random.below(plan.background ? most / 2 + 1 : most);
  return plan;
}

// Work goes on until the power goes.
void work_until_dark(DiskWorld& world, Disk& disk, int steps) {
  for (int i = 0; i < steps && disk.powered(); ++i) world.step();
  if (disk.powered()) disk.cut_power();
}

// Everything the process still wants to do fails; then it is gone.
void bury(DiskWorld& world, const Victim& victim) {
  let_start(world, victim, false);
  if (victim.part == Part::kHub) {
    world.hub().stop();
  } else {
    world.member(victim.index).stop();
  }
  world.talk();
}

std::string cut(DiskWorld& world, const Victim& victim) {
  sim::Random& random = world.dice();
  Disk& disk = world.ground(victim.part, victim.index).disk();
  disk.arm(cut_at(random, 40));
  work_until_dark(world, disk, 40);
  bury(world, victim);
  std::string kind = "power cut";
  for (uint64_t more = random.below(3); more > 0; --more) {  // during recovery, and again
    disk.power_on(random);
    disk.arm(cut_at(random, 30));
    let_start(world, victim, true);
    work_until_dark(world, disk, 3);
    bury(world, victim);
    kind = "power cut during recovery";
  }
  disk.power_on(random);
  let_start(world, victim, true);
  return kind;
}

// A cut leaves no trace but a shorter time: no refusal, no placeholder, no loss.
Outcome after_cut(const DiskWorld::Verdict& verdict) {
  const bool whole = verdict.promises_kept() && verdict.losses == 0 && verdict.findings.empty() &&
                     verdict.unreadable == 0 && verdict.refused == 0;
  return whole ? Outcome::kSurvived : Outcome::kSilent;
}

}  // namespace

void cut_power(uint64_t cuts, uint64_t seed, Tallies& tallies) {
  for (uint64_t done = 0; done < cuts; ++seed) {
    DiskWorld world({.seed = seed});
    for (uint64_t i = 0; i < kCutsPerWorld && done < cuts; ++i) {
      ++done;
      const Victim victim = victim_of(world.dice());
      for (int s = 0; s < 3; ++s) world.step();
      const std::string kind = cut(world, victim);
      const auto verdict = world.judge();
      Tally& tally = tallies.of(kind, name(victim.part));
      const Outcome outcome = after_cut(verdict);
      tally.count(outcome);
      tally.lost += verdict.desks.lost + verdict.fresh.lost;
      if (outcome == Outcome::kSurvived) continue;
      tallies.failed(
          "fault_power --cuts " + std::to_string(kCutsPerWorld) + " --seed " + std::to_string(seed),
          kind + " at the " + name(victim.part) + ": " + verdict.text() +
              (world.said.empty() ? "" : "; last said " + world.said.back()));
      break;
    }
  }
}

}  // namespace switchboard::fault
