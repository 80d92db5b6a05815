// The programs beside the hub: the one that sends nudges, and the hub's own watchdogs.
//
// The nudge program asks, sends, and tells what became of it: sent, failed, try again; or it never
// says, or is down. It holds nothing over its own restart and none over the hub's. Thread: the
// run's.
#pragma once

#include <vector>

#include "tests/sim/sim_hub.h"

namespace switchboard::sim {

class Taps {
 public:
  Taps(SimHub& hub, Faults& faults) : hub_(hub), faults_(faults) {}
  void work(Time now);
  void heal() { down_until_ = {}; }

  uint64_t sent() const { return sent_; }
  uint64_t silences() const { return silences_; }
  bool down(Time now) const { return now < down_until_; }

 private:
  void report();
  void ask();
  void watch(Time now);
  v1::NudgeState outcome();

  SimHub& hub_;
  Faults& faults_;
  core::NudgeReader reader_ = core::NudgeReader::kAnew;
  std::vector<v1::NudgeReport> reports_;
  Time down_until_, next_ask_, next_watch_;
  uint64_t hub_crashes_ = 0;
  uint64_t sent_ = 0;
  uint64_t silences_ = 0;
};

}  // namespace switchboard::sim
