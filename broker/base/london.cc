#include "broker/base/london.h"

#include <date/date.h>

#include <charconv>
#include <cstdio>

namespace switchboard {
namespace {

using Micros = std::chrono::microseconds;

// Both changes of the clock are at 01:00 UTC on the month's last Sunday.
int64_t change_us(date::year year, date::month month) {
  const date::sys_days day{year / month / date::Sunday[date::last]};
  return Micros(day.time_since_epoch() + std::chrono::hours(1)).count();
}

int64_t ahead_us(Time t) {
  const auto day = date::floor<date::days>(date::sys_time<Micros>{Micros{t.us}});
  const date::year year = date::year_month_day{day}.year();
  const bool summer = t.us >= change_us(year, date::March) && t.us < change_us(year, date::October);
  return summer ? Micros(std::chrono::hours(1)).count() : 0;
}

date::sys_time<Micros> on_the_wall(Time t) {
  return date::sys_time<Micros>{Micros{t.us + ahead_us(t)}};
}

std::optional<unsigned> number(std::string_view digits) {
  unsigned value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failed != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

Day london_day(Time t) {
  return {date::floor<date::days>(on_the_wall(t)).time_since_epoch().count()};
}

uint32_t london_hour(Time t) {
  const auto wall = on_the_wall(t);
  const auto since = date::floor<std::chrono::hours>(wall - date::floor<date::days>(wall));
  return static_cast<uint32_t>(since.count());
}

Time london_midnight(Day day) {
  const Time utc{Micros(date::days(day.number)).count()};
  // Clocks change at 01:00 UTC, so the hour before midnight UTC has the offset of local midnight.
  return {utc.us - ahead_us({utc.us - 1})};
}

std::string to_string(Day day) {
  const date::year_month_day ymd{date::sys_days{date::days(day.number)}};
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(ymd.year()), unsigned(ymd.month()),
                unsigned(ymd.day()));
  return text;
}

std::optional<Day> day_from_string(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = number(text.substr(0, 4));
  const auto m = number(text.substr(5, 2));
  const auto d = number(text.substr(8, 2));
  if (!y || !m || !d) return std::nullopt;
  const date::year_month_day ymd{date::year{int(*y)}, date::month{*m}, date::day{*d}};
  if (!ymd.ok()) return std::nullopt;
  return Day{date::sys_days{ymd}.time_since_epoch().count()};
}

}  // namespace switchboard
