#include "tests/sim/faults.h"

#include <algorithm>
#include <utility>

namespace switchboard::sim {
namespace {

struct Kind {
  Fault fault;
  std::string_view name;
  uint64_t rate;  // per hundred thousand: frames, or steps of a run
};
constexpr std::array<Kind, kFaults> kKinds{{
    {Fault::kLost, "lost", 1500},
    {Fault::kRepeated, "repeated", 1500},
    {Fault::kReordered, "reordered", 2000},
    {Fault::kDelayed, "delayed", 1500},
    {Fault::kCut, "cut", 500},
    {Fault::kCutToHub, "cut-to-hub", 300},
    {Fault::kCutFromHub, "cut-from-hub", 300},
    {Fault::kDisconnect, "disconnect", 800},
    {Fault::kClientCrash, "client-crash", 500},
    {Fault::kDeadClient, "dead-client", 150},
    {Fault::kSlowDesk, "slow-desk", 250},
    {Fault::kClientClock, "client-clock", 300},
    {Fault::kDeskFails, "desk-fails", 2500},
    {Fault::kStorm, "storm", 150},
    {Fault::kConflict, "conflict", 2500},
    {Fault::kHubCrash, "hub-crash", 800},
    {Fault::kClockAhead, "clock-ahead", 150},
    {Fault::kClockBack, "clock-back", 150},
    {Fault::kClockDays, "clock-days", 100},
    {Fault::kStaleHub, "stale-hub", 300},
    {Fault::kSpy, "spy", 2000},
    {Fault::kCrashRecovering, "crash-recovering", 2000},
    {Fault::kRoute, "route", 400},
    {Fault::kTeamClosed, "team-closed", 200},
    {Fault::kPersonGone, "person-gone", 200},
    {Fault::kRevoked, "revoked", 250},
    {Fault::kPolicy, "policy", 400},
    {Fault::kDisclosure, "disclosure", 300},
    {Fault::kList, "list", 1500},
    {Fault::kNudgeFailed, "nudge-failed", 10000},
    {Fault::kNudgeRetry, "nudge-retry", 20000},
    {Fault::kNudgeUnreported, "nudge-unreported", 15000},
    {Fault::kNudgerDown, "nudger-down", 150},
    {Fault::kReplay, "replay", 1000},
    {Fault::kProbe, "probe", 1000},
    {Fault::kLull, "lull", 60},
    {Fault::kKeyExpires, "key-expires", 400},
}};

constexpr bool in_order() {
  for (size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i].fault != static_cast<Fault>(i) || kKinds[i].rate == 0) return false;
  }
  return true;
}
static_assert(in_order());

template <size_t... kIndex>
std::array<Random, kFaults> randoms_of(uint64_t seed, std::index_sequence<kIndex...>) {
  return {Random(seed * 1000 + kIndex + 1)...};
}

}  // namespace

std::string_view name_of(Fault fault) { return kKinds[static_cast<size_t>(fault)].name; }

std::optional<Fault> fault_named(std::string_view name) {
  const auto* kind =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return k.name == name; });
  return kind == kKinds.end() ? std::nullopt : std::optional(kind->fault);
}

Faults::Faults(uint64_t seed, uint64_t off)
    : off_(off), randoms_(randoms_of(seed, std::make_index_sequence<kFaults>())) {
  Random moods(seed ^ 0x6d6f6f64);
  const uint64_t whole = moods.below(6);  // 0: a calm day, 5: a mad one
  for (size_t i = 0; i < kFaults; ++i) {
    constexpr std::array<uint64_t, 6> kTenths{0, 3, 10, 10, 20, 40};
    const uint64_t own = moods.below(kTenths.size());
    const uint64_t mood = whole == 0 ? own / 2 : whole == 5 ? std::max<uint64_t>(own, 3) : own;
    rates_[i] = kKinds[i].rate * kTenths[mood] / 10;
  }
}

bool Faults::strikes(Fault fault) {
  const auto i = static_cast<size_t>(fault);
  const bool drawn = randoms_[i].below(100'000) < rates_[i];
  if (!drawn || calm_ || (off_ & bit(fault)) != 0) return false;
  ++counts_[i];
  return true;
}

}  // namespace switchboard::sim
