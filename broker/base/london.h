// Civil time of Europe/London: what a wall clock there reads, and back.
//
// The rule in force since 1996 is in the code, not in a tz database, so that equal inputs give
// equal tables on every machine (P12): summer time from the last Sunday of March to the last Sunday
// of October, changing at 01:00 UTC (Summer Time Order 2002, SI 2002/262). Earlier years read a
// little wrong; no clock of ours runs there. Not here: what a message means by a time (adapters).
// Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broker/base/time.h"

namespace switchboard {

// Days since 1970-01-01 of the civil calendar there.
struct Day {
  int32_t days = 0;
  auto operator<=>(const Day&) const = default;
};
inline Day operator+(Day day, int32_t n) { return {day.days + n}; }

enum class Weekday : uint8_t {
  kMonday,
  kTuesday,
  kWednesday,
  kThursday,
  kFriday,
  kSaturday,
  kSunday
};
Weekday weekday(Day day);

// "2026-12-25", and back; nothing for what is no date.
std::string to_iso(Day day);
std::optional<Day> day_from_iso(std::string_view text);
// "09:30" as seconds; "24:00" is the end of the day. Nothing for what is no time of day.
std::optional<int32_t> seconds_from_clock(std::string_view text);
// 34200 as "09:30".
std::string to_clock(int32_t seconds);

struct Civil {
  Day day;
  int32_t second = 0;  // of the day, as the clock reads
  bool summer = false;
  auto operator<=>(const Civil&) const = default;
};
Civil to_london(Time time);

// A reading that happens twice (October) is the first of the two; one that never happens (March) is
// the moment the clocks change. `second` may be 86400: the start of the next day.
Time from_london(Day day, int32_t second);

// "2026-12-24 09:00" there; nothing for what is no such text.
std::optional<Time> time_from_words(std::string_view text);
// "25 October 2026 01:30".
std::string london_words(Time time);

}  // namespace switchboard
