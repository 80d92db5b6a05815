// What can go wrong in a run: how often each kind strikes, and how often it did.
//
// A kind's rate is drawn from the seed, so that seeds differ in kind: some calm, some mad. Each
// kind draws from numbers of its own: with one switched off the others strike as they did, which is
// how a failing run is cut down to the kinds it needs (shrink.h). Thread: the run's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/sim/random.h"

namespace switchboard::sim {

enum class Fault : uint8_t {
  kLost,  // frames
  kRepeated,
  kReordered,
  kDelayed,
  kCut,  // links
  kCutToHub,
  kCutFromHub,
  kDisconnect,
  kClientCrash,  // clients
  kDeadClient,
  kSlowDesk,
  kClientClock,
  kDeskFails,
  kStorm,
  kConflict,
  kHubCrash,  // the hub
  kClockAhead,
  kClockBack,
  kClockDays,
  kStaleHub,
  kSpy,
  kCrashRecovering,
  kRoute,  // the directory
  kTeamClosed,
  kPersonGone,
  kRevoked,
  kPolicy,
  kDisclosure,
  kList,
  kNudgeFailed,  // taps outside
  kNudgeRetry,
  kNudgeUnreported,
  kNudgerDown,
  kReplay,  // operators
  kProbe,
  kLull,        // the world
  kKeyExpires,  // the directory, too: last, so that the seeds of the others stay theirs
  kEnd
};
inline constexpr size_t kFaults = static_cast<size_t>(Fault::kEnd);

std::string_view name_of(Fault fault);
std::optional<Fault> fault_named(std::string_view name);
constexpr uint64_t bit(Fault fault) { return uint64_t{1} << static_cast<unsigned>(fault); }

class Faults {
 public:
  // `off`: kinds that never strike, by bit().
  Faults(uint64_t seed, uint64_t off);
  // Does it happen now? If so it is counted.
  bool strikes(Fault fault);
  // The healing has begun: from now on nothing strikes.
  void calm() { calm_ = true; }
  uint64_t count(Fault fault) const { return counts_[static_cast<size_t>(fault)]; }
  const std::array<uint64_t, kFaults>& counts() const { return counts_; }
  // For how long, where, of what: numbers of that kind alone.
  Random& numbers(Fault fault) { return randoms_[static_cast<size_t>(fault)]; }

 private:
  uint64_t off_;
  bool calm_ = false;
  std::array<Random, kFaults> randoms_;
  std::array<uint64_t, kFaults> rates_{};  // per hundred thousand
  std::array<uint64_t, kFaults> counts_{};
};

}  // namespace switchboard::sim
