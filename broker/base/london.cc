#include "broker/base/london.h"

#include <date/date.h>

#include <array>
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

date::year_month_day date_of(Day day) {
  return date::year_month_day{date::sys_days{date::days(day.number)}};
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

// Both in one hour is the common case, and London's midnights lie between two hours of UTC.
bool same_london_day(Time a, Time b) {
  constexpr int64_t kHourUs = 3'600'000'000;
  return a.us / kHourUs == b.us / kHourUs || london_day(a) == london_day(b);
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
  const date::year_month_day ymd = date_of(day);
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

Weekday weekday(Day day) {  // 1970-01-01 was a Thursday
  return static_cast<Weekday>(((day.number + 3) % 7 + 7) % 7);
}

std::optional<int32_t> seconds_from_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = number(text.substr(0, 2));
  const auto minute = number(text.substr(3, 2));
  if (!hour || !minute || *minute > 59) return std::nullopt;
  if (*hour > 24 || (*hour == 24 && *minute > 0)) return std::nullopt;
  return static_cast<int32_t>(*hour * 3'600 + *minute * 60);
}

std::string to_clock(int32_t seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d", seconds / 3'600, seconds / 60 % 60);
  return text;
}

Civil to_london(Time time) {
  const auto wall = on_the_wall(time);
  const auto day = date::floor<date::days>(wall);
  const auto second = date::floor<std::chrono::seconds>(wall - day);
  return {Day{day.time_since_epoch().count()}, static_cast<int32_t>(second.count()),
          ahead_us(time) != 0};
}

Time from_london(Day day, int32_t second) {
  const Time winter{Micros(date::days(day.number) + std::chrono::seconds(second)).count()};
  const Time summer{winter.us - Micros(std::chrono::hours(1)).count()};
  if (ahead_us(summer) != 0) return summer;  // also the first of two
  if (ahead_us(winter) == 0) return winter;
  return {change_us(date_of(day).year(), date::March)};  // never happens: the clocks change
}

std::optional<Time> time_from_words(std::string_view text) {
  if (text.size() != 16 || text[10] != ' ') return std::nullopt;
  const auto day = day_from_string(text.substr(0, 10));
  const auto second = seconds_from_clock(text.substr(11));
  if (!day || !second) return std::nullopt;
  return from_london(*day, *second);
}

std::string london_words(Time time) {
  static constexpr std::array kMonths = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
  const Civil civil = to_london(time);
  const date::year_month_day ymd = date_of(civil.day);
  return std::to_string(unsigned(ymd.day())) + " " + kMonths[unsigned(ymd.month()) - 1] + " " +
         std::to_string(int(ymd.year())) + " " + to_clock(civil.second);
}

}  // namespace switchboard
