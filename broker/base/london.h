// Days and hours of Europe/London, by which ledgers and reports count (P10).
//
// Hub and adapters must put a moment on the same day, so they share this. It is the rule in force
// since 1996 (an hour ahead from the last Sunday of March to that of October, 01:00 UTC) and not
// the machine's zone files, which may differ or be missing. Pure (P12).
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

Day london_day(Time t);
uint32_t london_hour(Time t);  // 0-23
// When the day begins; the next day's beginning is its end.
Time london_midnight(Day day);

// "2026-11-22", and back; nothing for anything else.
std::string to_string(Day day);
std::optional<Day> day_from_string(std::string_view text);

}  // namespace switchboard
