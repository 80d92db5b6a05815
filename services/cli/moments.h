// Days and moments as people write them on a command line: "yesterday", "2026-11-22", "7d". Pure.
#pragma once

#include <optional>
#include <string_view>

#include "broker/base/london.h"

namespace switchboard::cli {

// "today", "yesterday" (in London), or a date.
std::optional<Day> read_day(std::string_view text, Time now);
// "2026-12-24 17:30" on London's clock, or a time with its zone.
std::optional<Time> read_time(std::string_view text);
// "90m", "4h", "7d": how long.
std::optional<Duration> read_span(std::string_view text);
// A time with its zone, "90m", "12h", "7d" before now, or a day: its beginning.
std::optional<Time> read_since(std::string_view text, Time now);
// The same, but a day's end: "--until 2026-11-22" includes that day.
std::optional<Time> read_until(std::string_view text, Time now);
// A moment with its zone, or as a clock in London reads: "2026-12-24 17:30".
std::optional<Time> read_clock(std::string_view text);

}  // namespace switchboard::cli
