// The two clocks of a machine and the rule of its programs' shell over them (runtime/clock.h): the
// wall clock can be stepped, the other goes on with the world's time.
//
// Pure. Thread: the run's.
#pragma once

#include "broker/runtime/clock.h"

namespace switchboard::sim {

class MachineClock {
 public:
  explicit MachineClock(Time last) : discipline_(last) {}
  // The program's time and whether it is frozen, when the world's time is this.
  Reading read(Time world) {
    reading_ = discipline_.read(world + offset_, world.us);
    return reading_;
  }
  void step(Duration by) { offset_.us += by.us; }
  void set_right() { offset_ = {}; }
  void accept_step() { discipline_.accept_step(); }
  // The process starts anew: what it stored last is all it knows; nothing, if it stores none.
  void restart(Time last) { discipline_ = ClockDiscipline(last); }
  bool frozen() const { return reading_.frozen; }
  bool wrong() const { return offset_.us != 0; }

 private:
  ClockDiscipline discipline_;
  Duration offset_;
  Reading reading_;
};

}  // namespace switchboard::sim
