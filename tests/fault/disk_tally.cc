#include "tests/fault/disk_tally.h"

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace switchboard::fault {

void Tally::count(Outcome outcome) {
  ++runs;
  survived += outcome == Outcome::kSurvived ? 1 : 0;
  detected += outcome == Outcome::kDetected ? 1 : 0;
  harmless += outcome == Outcome::kHarmless ? 1 : 0;
  silent += outcome == Outcome::kSilent ? 1 : 0;
}

std::string Tally::line() const {
  const nlohmann::ordered_json json = {
      {"part", "disk"},       {"fault", fault},       {"where", where},       {"runs", runs},
      {"survived", survived}, {"detected", detected}, {"harmless", harmless}, {"silent", silent},
      {"lost", lost},         {"ended", ended},       {"seed", seed},         {"seconds", seconds}};
  return json.dump();
}

// Wrong bytes, two copies of one event or a changed order are never right, whoever was told. What
// is missing is allowed only where somebody was told which it is.
Outcome judged(const DiskWorld& world, const DiskWorld::Verdict& verdict) {
  test::Findings all = verdict.desks;
  all += verdict.fresh;
  const bool told = !world.said.empty() || !verdict.findings.empty() || verdict.unreadable > 0 ||
                    verdict.refused > 0;
  if (verdict.promises_kept()) {
    if (told) return Outcome::kDetected;
    return verdict.losses > 0 ? Outcome::kSurvived : Outcome::kHarmless;
  }
  const uint64_t wrong = all.altered + all.invented + all.duplicated + all.reordered;
  if (wrong + all.acts_twice > 0) return Outcome::kSilent;
  return told ? Outcome::kDetected : Outcome::kSilent;
}

Tally& Tallies::of(const std::string& fault, const std::string& where) {
  Tally& tally = all_[{where, fault}];
  tally.fault = fault;
  tally.where = where;
  tally.seed = seed_;
  return tally;
}

bool Tallies::fine() const {
  for (const auto& [key, tally] : all_) {
    if (!tally.fine()) return false;
  }
  return true;
}

uint64_t Tallies::runs() const {
  uint64_t runs = 0;
  for (const auto& [key, tally] : all_) runs += tally.runs;
  return runs;
}

void Tallies::print(double seconds) const {
  for (auto [key, tally] : all_) {
    const double share = static_cast<double>(tally.runs) / static_cast<double>(runs());
    tally.seconds = seconds * share;
    std::printf("%s\n", tally.line().c_str());
  }
}

void Tallies::failed(const std::string& again, const std::string& what) {
  std::fprintf(stderr, "BROKEN, again with: %s\n  %s\n", again.c_str(), what.c_str());
}

int run_and_tell(uint64_t seed, const std::function<void(Tallies&)>& make_faults) {
  const auto began = std::chrono::steady_clock::now();
  Tallies tallies(seed);
  make_faults(tallies);
  tallies.print(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  return tallies.fine() ? 0 : 1;
}

}  // namespace switchboard::fault
