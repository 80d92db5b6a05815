// Civil time of Europe/London: what a wall clock there reads, and back. Ledgers and reports count
// by its days (P10), teams are staffed by its hours.
//
// Hub and adapters must put a moment on the same day, so they share this. It is the rule in force
// since 1996 (an hour ahead from the last Sunday of March to that of October, 01:00 UTC) and not
// the machine's zone files, which may differ or be missing (Summer Time Order 2002, SI 2002/262).
// Not here: what a message means by a time (adapters). Pure (P12).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broker/base/time.h"

namespace switchboard {

// Days since 1970-01-01 on London's calendar.
struct Day {
  int32_t number = 0;
  auto operator<=>(const Day&) const = default;
};
inline Day operator+(Day day, int32_t n) { return {day.number + n}; }

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

Day london_day(Time t);
bool same_london_day(Time a, Time b);
uint32_t london_hour(Time t);  // 0-23
// When the day begins; the next day's beginning is its end.
Time london_midnight(Day day);

// "2026-11-22", and back; nothing for anything else.
std::string to_string(Day day);
std::optional<Day> day_from_string(std::string_view text);
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
