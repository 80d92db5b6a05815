// When the hub must look at its keys again, and what operators are told of those that end: a line a
// day for each in the log, two gauges, words for `status`.
//
// Owns: the moment of the next end, the day it said so last. Not here: that an expired key is not
// taken (core/in_force.h). Thread: the loop.
#pragma once

#include <optional>

#include "broker/base/london.h"
#include "broker/core/directory.h"
#include "broker/server/gauges.h"

namespace switchboard::server {

class KeyDates {
 public:
  explicit KeyDates(Gauges& gauges) : gauges_(gauges) {}

  // A key has ended since the last look(), or was enrolled with an end.
  bool due(Time now) const { return now >= next_; }
  void changed() { next_ = {}; }
  void look(const core::Directory& directory, Time now);
  // Once a day, and at the first call: a warning for each key that ends soon or has ended.
  void remind(const core::Directory& directory, Time now);

 private:
  Gauges& gauges_;
  Time next_;
  std::optional<Day> reminded_;
};

}  // namespace switchboard::server
