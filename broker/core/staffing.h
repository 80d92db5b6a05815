// When a team is staffed, and what "four working hours" are for it.
//
// Pure (P12): hours and bank holidays come from the directory, the clock is Europe/London's. A team
// that states no hours is always staffed. Working time counts staffed seconds as they really pass,
// so an hour that the clocks repeat counts twice. Thread: any.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "broker/base/london.h"
#include "broker/base/result.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::core {

class Staffing {
 public:
  // `calendar` may be null: no bank holidays then. Hours that cannot be read were refused when they
  // were applied (check_hours); one that slips through counts as none.
  Staffing(const v1::Team& team, const v1::Calendar* calendar);

  bool always() const { return slots_.empty(); }
  bool staffed(Time at) const;
  // The first staffed moment at or after `at`; nothing within a year: these hours never come.
  std::optional<Time> next(Time at) const;
  // `within` of staffed time after `at`. A deadline of nothing is the first staffed moment.
  // Hours that never come count as always staffed: a clock that never rings is worse (P8).
  Time add(Time at, Duration within) const;

 private:
  struct Slot {
    int32_t from = 0, to = 0;  // seconds of the day; to > 86400 runs into the next day
    bool bank_holidays = false;
    std::array<bool, 7> days{};
  };
  struct Span {
    Time from, to;
  };
  // Staffed spans that begin on that day, in order, not overlapping.
  std::vector<Span> spans_of(Day day) const;

  std::vector<Slot> slots_;
  std::vector<Day> holidays_;  // sorted
};

// Why these hours cannot be kept, in words, or nothing.
std::string check_hours(const v1::Hours& hours);
// "Mon-Fri 09:00-17:00, Sat 10:00-13:00"; "always" for none.
std::string hours_in_words(const v1::Team& team);

}  // namespace switchboard::core
