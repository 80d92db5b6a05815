// Time as data: microseconds since 1970-01-01T00:00:00Z. Nothing here reads a clock (P12); the
// shell does, once per turn (broker/runtime/clock.h).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard {

struct Time {
  int64_t us = 0;
  auto operator<=>(const Time&) const = default;
};
struct Duration {
  int64_t us = 0;
  auto operator<=>(const Duration&) const = default;
};
inline Time operator+(Time t, Duration d) { return {t.us + d.us}; }
inline Time operator-(Time t, Duration d) { return {t.us - d.us}; }
inline Duration operator-(Time a, Time b) { return {a.us - b.us}; }
inline Duration operator-(Duration a, Duration b) { return {a.us - b.us}; }
inline constexpr Duration seconds(int64_t s) { return {s * 1'000'000}; }
inline constexpr Duration milliseconds(int64_t ms) { return {ms * 1'000}; }

// "2026-11-22T06:05:04.123Z"; microseconds only where they are not whole milliseconds.
std::string to_rfc3339(Time t);
// Accepts what to_rfc3339 writes, with any fraction, and numeric offsets.
std::optional<Time> from_rfc3339(std::string_view text);

}  // namespace switchboard
