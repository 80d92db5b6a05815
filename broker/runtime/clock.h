// The only reader of clocks: the shell asks once per turn and hands the Reading down (P12).
//
// Owns: the rule that time handed out never goes back, and the freeze when wall-clock time steps
// away from boot time. Frozen, time goes on by boot time: events are accepted with sane times while
// ticks wait. Not here: what a freeze stops (core), the alarm (server).
// Thread: one. Fails: never; a clock that cannot be read is a CHECK.
#pragma once

#include <cstdint>
#include <optional>

#include "broker/base/time.h"

namespace switchboard {

struct Reading {
  Time now;             // never before an earlier Reading's
  int64_t boot_us = 0;  // counts through suspend; for pacing and timeouts
  bool frozen = false;  // tick nothing: the wall clock and boot time disagree
};

// Pure: fed with both clocks, so that steps and suspends are tested without one.
class ClockDiscipline {
 public:
  // `last` is the latest time ever handed out, as stored; a wall clock well before it starts
  // frozen.
  explicit ClockDiscipline(Time last = {}) : last_(last) {}

  Reading read(Time realtime, int64_t boot_us);
  // An operator says the wall clock is right. After a step back, time stands until it is passed.
  void accept_step();
  bool frozen() const { return frozen_; }
  // Wall clock minus what boot time says it should be, at the last read.
  Duration drift() const { return drift_; }

 private:
  struct Pair {
    Time realtime;
    int64_t boot_us = 0;
  };
  std::optional<Pair> anchor_;  // where both clocks agreed
  Pair latest_;
  Time last_;
  Duration drift_;
  bool frozen_ = false;
};

class Clock {
 public:
  explicit Clock(Time last = {}) : discipline_(last) {}
  Reading read();
  void accept_step() { discipline_.accept_step(); }
  Duration drift() const { return discipline_.drift(); }

 private:
  ClockDiscipline discipline_;
};

}  // namespace switchboard
