#include "tests/fault/flips.h"

#include <cstdio>

#include "tests/fault/apart.h"

namespace switchboard::fault {

namespace {

constexpr uint64_t kFlipsPerWorld = 400;
constexpr const char* kKinds[] = {"WAL",     "SST",      "MANIFEST",     "CURRENT",
                                  "OPTIONS", "IDENTITY", "MANIFEST.sum", "SYNCED"};

struct Case {
  Part part;
  std::string kind;
  uint64_t seed;
};

void flip_one(Disk& disk, const std::string& path, sim::Random& random) {
  std::string bytes = disk.bytes_of(path);
  const size_t at = static_cast<size_t>(random.below(bytes.size()));
  bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1 + random.below(255)));
  disk.set_bytes(path, std::move(bytes));
}

// A backup is damaged, then the hub has to go back to it. A backup that is refused leaves the store
// as it is.
Outcome judge_backup(DiskWorld& world, std::string& text) {
  const auto damaged = world.copy();
  const Status restored = damaged->restore_hub(kBackup);
  if (!restored.ok()) {
    text = restored.error().text;
    return text.find("storage") == std::string::npos ? Outcome::kSilent : Outcome::kDetected;
  }
  const auto verdict = damaged->judge();
  text = verdict.text();
  return judged(*damaged, verdict);
}

void record(Tally& tally, Outcome outcome, const std::string& how, const std::string& text,
            Tallies& tallies) {
  tally.count(outcome);
  if (outcome == Outcome::kSilent) tallies.failed(how, text);
}

void flip_from(const Case& of, uint64_t from, uint64_t flips, const Tell& tell) {
  const AtRest rest = at_rest(of.part, of.seed);
  const auto files = rest.files(of.kind);
  CHECK(!files.empty());
  for (uint64_t i = from; i < flips; ++i) {
    sim::Random random{of.seed * 1'000'003 + i};
    const auto world = rest.world->copy();
    flip_one(rest.ground(*world).disk(), files[random.below(files.size())], random);
    std::string text;
    const Outcome outcome =
        of.kind == "backup" ? judge_backup(*world, text) : judge_damaged(rest, *world, text);
    if (outcome == Outcome::kSilent) {
      std::fprintf(stderr, "SILENT, seed %s, flip %s: %s\n", std::to_string(of.seed).c_str(),
                   std::to_string(i).c_str(), text.c_str());
    }
    tell(outcome);
  }
}

// A process that ended is said: whoever starts it sees it.
void flip_in(const Case& of, uint64_t flips, Where apart, Tallies& tallies) {
  const std::string where = std::string(name(of.part)) + " " + of.kind;
  const auto run = [&](uint64_t from, const Tell& tell) { flip_from(of, from, flips, tell); };
  std::vector<std::optional<Outcome>> outcomes;
  if (apart == Where::kApart) {
    outcomes = run_apart(flips, run);
  } else {
    run(0, [&](Outcome outcome) { outcomes.emplace_back(outcome); });
  }
  for (const auto& outcome : outcomes) {
    Tally& tally = tallies.of("byte flip", where);
    tally.ended += outcome ? 0 : 1;
    record(tally, outcome.value_or(Outcome::kDetected),
           "fault_flips --flips 10000 --seed " + std::to_string(of.seed), where, tallies);
  }
}

std::vector<std::string> kinds_of(Part part) {
  std::vector<std::string> kinds(std::begin(kKinds), std::end(kKinds));
  if (part == Part::kHub) kinds.back() = "backup";  // it has no SYNCED
  return kinds;
}

constexpr Part kParts[] = {Part::kHub, Part::kPublisher, Part::kDesk};

}  // namespace

void flip_bytes(uint64_t flips, uint64_t seed, Where where, Tallies& tallies) {
  uint64_t kinds = 0;
  for (const Part part : kParts) kinds += kinds_of(part).size();
  const uint64_t each = std::max<uint64_t>(1, flips / kinds + (flips % kinds == 0 ? 0 : 1));
  for (uint64_t done = 0; done < each; done += kFlipsPerWorld, ++seed) {
    const uint64_t now = std::min(each - done, kFlipsPerWorld);
    for (const Part part : kParts) {
      for (const std::string& kind : kinds_of(part))
        flip_in({part, kind, seed}, now, where, tallies);
    }
  }
}

void truncate_logs(uint64_t runs, uint64_t seed, Tallies& tallies) {
  for (const Part part : kParts) {
    const AtRest rest = at_rest(part, seed);
    const auto logs = rest.files("WAL");
    for (uint64_t i = 0; i < runs; ++i) {
      sim::Random random{seed * 1'000'003 + i};
      const auto world = rest.world->copy();
      Disk& disk = rest.ground(*world).disk();
      const std::string& path = logs[random.below(logs.size())];
      std::string bytes = disk.bytes_of(path);
      const auto bounds = record_bounds(bytes);
      const bool on = i % 2 == 0;
      bytes.resize(on ? bounds[random.below(bounds.size())] : random.below(bytes.size()));
      disk.set_bytes(path, std::move(bytes));
      std::string text;
      const Outcome outcome = judge_damaged(rest, *world, text);
      record(
          tallies.of(on ? "truncation on a boundary" : "truncation off a boundary",
                     std::string(name(part)) + " WAL"),
          outcome,
          "fault_flips --truncations " + std::to_string(runs) + " --seed " + std::to_string(seed),
          text, tallies);
    }
  }
}

void lose_files(uint64_t seed, Tallies& tallies) {
  for (const Part part : kParts) {
    const AtRest rest = at_rest(part, seed);
    for (const char* kind : kKinds) {
      for (const std::string& path : rest.files(kind)) {
        const auto world = rest.world->copy();
        rest.ground(*world).disk().erase(path);
        std::string text;
        const Outcome outcome = judge_damaged(rest, *world, text);
        record(tallies.of("missing file", std::string(name(part)) + " " + kind), outcome,
               "fault_flips --losses 1 --seed " + std::to_string(seed) + " (" + path + ")", text,
               tallies);
      }
    }
  }
}

}  // namespace switchboard::fault
