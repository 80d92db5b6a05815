#include "broker/base/london.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace switchboard {
namespace {

constexpr int32_t kDaySeconds = 86'400;
constexpr int32_t kHour = 3'600;
constexpr int64_t kMicros = 1'000'000;

struct Date {
  int year = 1970;
  unsigned month = 1, day = 1;
};

// Proleptic Gregorian calendar in eras of 400 years, each beginning on 1 March.
int32_t days_of(Date date) {
  const int y = date.year - (date.month <= 2 ? 1 : 0);
  const int era = (y >= 0 ? y : y - 399) / 400;
  const unsigned of_era = static_cast<unsigned>(y - era * 400);
  const unsigned of_year =
      (153 * (date.month + (date.month > 2 ? -3u : 9u)) + 2) / 5 + date.day - 1;
  const unsigned day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
  return era * 146'097 + static_cast<int32_t>(day_of_era) - 719'468;
}

Date date_of(int32_t days) {
  days += 719'468;
  const int32_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
  const unsigned month = (5 * of_year + 2) / 153;
  Date date;
  date.day = of_year - (153 * month + 2) / 5 + 1;
  date.month = month < 10 ? month + 3 : month - 9;
  date.year = static_cast<int>(year) + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// 01:00 UTC on the last Sunday of that month, in seconds since 1970.
int64_t change_of(int year, unsigned month) {
  const Day last{days_of({year, month, 31})};
  const int32_t back = (static_cast<int32_t>(weekday(last)) + 1) % 7;
  return int64_t{last.days - back} * kDaySeconds + kHour;
}

bool is_summer(int64_t utc_seconds) {
  const int year = date_of(static_cast<int32_t>(floor_div(utc_seconds, kDaySeconds))).year;
  return utc_seconds >= change_of(year, 3) && utc_seconds < change_of(year, 10);
}

template <typename Number>
bool read(std::string_view text, Number& into) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), into);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

}  // namespace

Weekday weekday(Day day) {  // 1970-01-01 was a Thursday
  return static_cast<Weekday>(((day.days + 3) % 7 + 7) % 7);
}

std::string to_iso(Day day) {
  const Date date = date_of(day.days);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", date.year, date.month, date.day);
  return text;
}

std::optional<Day> day_from_iso(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  Date date;
  if (!read(text.substr(0, 4), date.year) || !read(text.substr(5, 2), date.month) ||
      !read(text.substr(8, 2), date.day) || date.month < 1 || date.month > 12 || date.day < 1) {
    return std::nullopt;
  }
  const Day day{days_of(date)};
  if (to_iso(day) != text) return std::nullopt;  // 30 February
  return day;
}

std::optional<int32_t> seconds_from_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  unsigned hour = 0, minute = 0;
  if (!read(text.substr(0, 2), hour) || !read(text.substr(3, 2), minute) || minute > 59) {
    return std::nullopt;
  }
  if (hour > 24 || (hour == 24 && minute > 0)) return std::nullopt;
  return static_cast<int32_t>(hour * 3'600 + minute * 60);
}

std::string to_clock(int32_t seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d", seconds / kHour, seconds / 60 % 60);
  return text;
}

Civil to_london(Time time) {
  const int64_t utc = floor_div(time.us, kMicros);
  const bool summer = is_summer(utc);
  const int64_t local = utc + (summer ? kHour : 0);
  const int64_t days = floor_div(local, kDaySeconds);
  return {Day{static_cast<int32_t>(days)}, static_cast<int32_t>(local - days * kDaySeconds),
          summer};
}

Time from_london(Day day, int32_t second) {
  const int64_t as_winter = int64_t{day.days} * kDaySeconds + second;
  const int64_t as_summer = as_winter - kHour;
  if (is_summer(as_summer)) return {as_summer * kMicros};  // also the first of two
  if (!is_summer(as_winter)) return {as_winter * kMicros};
  return {change_of(date_of(day.days).year, 3) * kMicros};  // never happens: the clocks change
}

std::optional<Time> time_from_words(std::string_view text) {
  if (text.size() != 16 || text[10] != ' ') return std::nullopt;
  const auto day = day_from_iso(text.substr(0, 10));
  const auto second = seconds_from_clock(text.substr(11));
  if (!day || !second) return std::nullopt;
  return from_london(*day, *second);
}

std::string london_words(Time time) {
  static constexpr std::array kMonths = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
  const Civil civil = to_london(time);
  const Date date = date_of(civil.day.days);
  return std::to_string(date.day) + " " + kMonths[date.month - 1] + " " +
         std::to_string(date.year) + " " + to_clock(civil.second);
}

}  // namespace switchboard
