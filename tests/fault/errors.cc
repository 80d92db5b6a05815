#include "tests/fault/errors.h"

namespace switchboard::fault {

namespace {

constexpr Part kParts[] = {Part::kHub, Part::kPublisher, Part::kDesk};

// Everything is there, nobody had to lose anything: the disk's answer was taken seriously.
Outcome whole(const DiskWorld::Verdict& verdict) {
  const bool right = verdict.promises_kept() && verdict.losses == 0 && verdict.findings.empty() &&
                     verdict.unreadable == 0 && verdict.refused == 0;
  return right ? Outcome::kSurvived : Outcome::kSilent;
}

void record(Tally& tally, Outcome outcome, const DiskWorld& world,
            const DiskWorld::Verdict& verdict, const std::string& what, uint64_t seed,
            Tallies& tallies) {
  tally.count(outcome);
  tally.lost += verdict.desks.lost + verdict.fresh.lost;
  if (outcome != Outcome::kSilent) return;
  tallies.failed(
      "fault_errors --seed " + std::to_string(seed),
      what + ": " + verdict.text() + (world.said.empty() ? "" : "; said " + world.said.back()));
}

const char* word(Trouble trouble) { return trouble == Trouble::kNoSpace ? "ENOSPC" : "EIO"; }

void work(DiskWorld& world, int steps) {
  for (int i = 0; i < steps; ++i) {
    world.publish(world.dice().below(kPublishers));
    world.act(kPublishers + world.dice().below(kMembers - kPublishers));
    world.talk();
  }
}

// False: the run has fewer calls than that.
bool fail_call(const AtRest& rest, const Plan& plan, uint64_t seed, Tallies& tallies) {
  const auto world = rest.world->copy();
  Disk& disk = rest.ground(*world).disk();
  disk.arm(plan);
  work(*world, 8);
  const bool fired = disk.fired();
  disk.disarm();
  if (!fired) return false;
  const auto verdict = world->judge();
  const std::string fault = std::string(word(plan.trouble)) + " at " +
                            (plan.site ? name(*plan.site) : "any call") +
                            (plan.for_ever ? ", from then on" : ", once");
  record(tallies.of(fault, name(rest.part)), whole(verdict), *world, verdict,
         fault + " at the " + name(rest.part) + ", call " + std::to_string(plan.nth), seed,
         tallies);
  return true;
}

// What could not be read was answered by a placeholder, which says so: once the disk is well an
// operator sends it again (runbook damaged), and then it must be there.
Outcome after_reads(DiskWorld& world, DiskWorld::Verdict& verdict) {
  verdict = world.judge();
  if (whole(verdict) == Outcome::kSurvived) return Outcome::kSurvived;
  if (!verdict.stuck.empty() || verdict.unreadable == 0) return Outcome::kSilent;
  CHECK(world.hub().replay(world.now()).ok());
  verdict = world.judge();
  return whole(verdict) == Outcome::kSurvived ? Outcome::kDetected : Outcome::kSilent;
}

// The hub reads its whole log again meanwhile, for a desk that begins with nothing. False: the run
// has fewer calls than that.
bool fail_read(const AtRest& rest, const Plan& plan, uint64_t seed, Tallies& tallies) {
  const auto world = rest.world->copy();
  if (rest.part == Part::kHub) world->replace_desk(kDamagedDesk);
  Disk& disk = rest.ground(*world).disk();
  disk.arm(plan);
  work(*world, 6);
  const bool fired = disk.fired();
  disk.disarm();
  if (!fired) return false;
  DiskWorld::Verdict verdict;
  const Outcome outcome = after_reads(*world, verdict);
  const std::string fault = std::string("EIO at ") + name(*plan.site) +
                            (plan.background ? " of the store's own threads" : "") +
                            (plan.for_ever ? ", from then on" : ", once");
  record(tallies.of(fault, name(rest.part)), outcome, *world, verdict,
         fault + " at the " + name(rest.part) + ", call " + std::to_string(plan.nth), seed,
         tallies);
  return true;
}

}  // namespace

void fail_reads(uint64_t stride, uint64_t seed, Tallies& tallies) {
  for (const Part part : kParts) {
    const AtRest rest = at_rest(part, seed);
    for (const Site site : {Site::kOpen, Site::kRead}) {
      for (const bool for_ever : {false, true}) {
        for (const bool background : {false, true}) {
          Plan plan{.trouble = Trouble::kIo,
                    .site = site,
                    .for_ever = for_ever,
                    .background = background};
          for (plan.nth = 1; fail_read(rest, plan, seed, tallies); plan.nth += stride) {
          }
        }
      }
    }
  }
}

void fail_calls(uint64_t stride, uint64_t seed, Tallies& tallies) {
  for (const Part part : kParts) {
    const AtRest rest = at_rest(part, seed);
    for (const Trouble trouble : {Trouble::kNoSpace, Trouble::kIo}) {
      for (const bool for_ever : {false, true}) {
        for (int site = 0; site < kWriteSites; ++site) {
          Plan plan{.trouble = trouble, .site = static_cast<Site>(site), .for_ever = for_ever};
          for (plan.nth = 1; fail_call(rest, plan, seed, tallies); plan.nth += stride) {
          }
          plan.background = true;
          for (plan.nth = 1; fail_call(rest, plan, seed, tallies); plan.nth += stride) {
          }
        }
      }
    }
  }
}

void slow_syncs(uint64_t runs, uint64_t seed, Tallies& tallies) {
  const AtRest rest = at_rest(Part::kHub, seed);
  for (uint64_t i = 0; i < runs; ++i) {
    const auto world = rest.world->copy();
    Disk& disk = rest.ground(*world).disk();
    disk.arm({.trouble = Trouble::kSlow, .site = Site::kSync, .nth = 1 + i, .for_ever = true});
    work(*world, 6);
    const bool slow = disk.fired();
    disk.disarm();
    const auto verdict = world->judge();
    record(tallies.of("syncs of 45 s", "hub"), slow ? whole(verdict) : Outcome::kSilent, *world,
           verdict, "slow sync", seed, tallies);
  }
}

void read_only(uint64_t runs, uint64_t seed, Tallies& tallies) {
  for (const Part part : kParts) {
    const AtRest rest = at_rest(part, seed);
    for (uint64_t i = 0; i < runs; ++i) {
      const auto world = rest.world->copy();
      Disk& disk = rest.ground(*world).disk();
      work(*world, static_cast<int>(i % 4));  // 0: before it starts
      disk.set_read_only(true);
      work(*world, 4);
      disk.set_read_only(false);
      const auto verdict = world->judge();
      const bool said = !world->said.empty();
      record(tallies.of("read-only for a while", name(part)),
             said ? whole(verdict) : Outcome::kSilent, *world, verdict, "read-only", seed, tallies);
    }
  }
}

void two_openers(uint64_t seed, Tallies& tallies) {
  const AtRest rest = at_rest(Part::kHub, seed);
  const auto world = rest.world->copy();
  work(*world, 2);
  kv::RocksKv::Options options;
  options.dir = Ground::kFolder;
  options.env = world->hub().ground().env();
  const auto second = kv::RocksKv::open(options);
  const bool refused = !second.ok() && second.error().code == v1::CODE_CONFLICT;
  work(*world, 2);
  const auto verdict = world->judge();
  record(tallies.of("two processes on one folder", "hub"),
         refused ? whole(verdict) : Outcome::kSilent, *world, verdict, "two openers", seed,
         tallies);
}

// A loss must be recorded, and everything that was promised since must come back from outboxes.
void restore_old_backups(uint64_t runs, uint64_t seed, Tallies& tallies) {
  const AtRest rest = at_rest(Part::kHub, seed);
  for (uint64_t i = 0; i < runs; ++i) {
    const auto world = rest.world->copy();
    work(*world, static_cast<int>(i % 8));
    CHECK(world->settle());
    CHECK(world->restore_hub(kBackup).ok());
    const auto verdict = world->judge();
    const bool recovered =
        verdict.promises_kept() && verdict.losses > 0 && verdict.findings.empty();
    record(tallies.of("restore of an old backup", "hub"),
           recovered ? Outcome::kSurvived : Outcome::kSilent, *world, verdict, "old backup", seed,
           tallies);
  }
}

}  // namespace switchboard::fault
