#include "adapters/mllp/hl7_time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace switchboard::mllp {
namespace {

using Precision = TimeStamp::Precision;
using Micros = std::chrono::microseconds;
using SysTime = date::sys_time<Micros>;
using LocalTime = date::local_time<Micros>;

// `n` digits off the front, or nothing.
std::optional<int> take_number(std::string_view& in, size_t n) {
  if (in.size() < n) return std::nullopt;
  int value = 0;
  for (size_t i = 0; i < n; ++i) {
    if (in[i] < '0' || in[i] > '9') return std::nullopt;
    value = value * 10 + (in[i] - '0');
  }
  in.remove_prefix(n);
  return value;
}

// "+0100" at the end; true if it is well formed or absent.
bool take_offset(std::string_view& in, std::optional<int>& minutes) {
  const size_t sign = in.find_first_of("+-");
  if (sign == in.npos) return true;
  auto digits = in.substr(sign + 1);
  const auto hours = take_number(digits, 2);
  const auto rest = take_number(digits, 2);
  if (!hours || !rest || !digits.empty() || *hours > 14 || *rest > 59) return false;
  minutes = (*hours * 60 + *rest) * (in[sign] == '-' ? -1 : 1);
  in = in.substr(0, sign);
  return true;
}

bool take_fraction(std::string_view in, TimeStamp& t) {
  if (!in.starts_with('.') || in.size() < 2) return false;
  in.remove_prefix(1);
  int64_t unit = 100'000;
  for (const char c : in) {
    if (c < '0' || c > '9') return false;
    t.fraction_us += (c - '0') * unit;
    unit /= 10;
  }
  t.precision = Precision::kFraction;
  return true;
}

bool exists(const TimeStamp& t) {
  const date::year_month_day day{date::year{t.year}, date::month{t.month}, date::day{t.day}};
  return t.year >= 1800 && day.ok() && t.hour < 24 && t.minute < 60 && t.second < 60;
}

LocalTime local(const TimeStamp& t) {
  const date::year_month_day day{date::year{t.year}, date::month{t.month}, date::day{t.day}};
  return LocalTime(date::local_days(day)) + std::chrono::hours(t.hour) +
         std::chrono::minutes(t.minute) + std::chrono::seconds(t.second) + Micros(t.fraction_us);
}

// Where the day, month or year ends, on the local clock.
LocalTime next_unit(const TimeStamp& t) {
  const date::year_month_day day{date::year{t.year}, date::month{t.month}, date::day{t.day}};
  if (t.precision == Precision::kYear) return LocalTime(date::local_days(day + date::years(1)));
  if (t.precision == Precision::kMonth) return LocalTime(date::local_days(day + date::months(1)));
  return LocalTime(date::local_days(day) + date::days(1));
}

Micros length(Precision precision) {
  switch (precision) {
    case Precision::kHour:
      return std::chrono::hours(1);
    case Precision::kMinute:
      return std::chrono::minutes(1);
    case Precision::kSecond:
      return std::chrono::seconds(1);
    default:
      return Micros(1);
  }
}

struct Instants {
  SysTime first, last;
};

Instants at_offset(LocalTime t, int minutes) {
  const SysTime sys{t.time_since_epoch() - std::chrono::minutes(minutes)};
  return {sys, sys};
}

Instants in_zone(LocalTime t, const date::time_zone& zone) {
  const date::local_info at = zone.get_info(t);
  const auto minus = [&](const date::sys_info& i) {
    return SysTime{t.time_since_epoch() - i.offset};
  };
  if (at.result == date::local_info::unique) return {minus(at.first), minus(at.first)};
  const SysTime a = minus(at.first), b = minus(at.second);
  return {std::min(a, b), std::max(a, b)};
}

}  // namespace

std::optional<TimeStamp> parse_time_stamp(std::string_view text) {
  TimeStamp t;
  if (!take_offset(text, t.offset_minutes)) return std::nullopt;
  const auto year = take_number(text, 4);
  if (!year) return std::nullopt;
  t.year = *year;
  std::array<int, 5> parts{1, 1, 0, 0, 0};
  for (size_t i = 0; i < parts.size() && !text.empty() && text.front() != '.'; ++i) {
    const auto part = take_number(text, 2);
    if (!part) return std::nullopt;
    parts[i] = *part;
    t.precision = static_cast<Precision>(i + 1);
  }
  t.month = static_cast<unsigned>(parts[0]);
  t.day = static_cast<unsigned>(parts[1]);
  t.hour = parts[2], t.minute = parts[3], t.second = parts[4];
  const bool fraction_due = t.precision == Precision::kSecond && !text.empty();
  if (!text.empty() && (!fraction_due || !take_fraction(text, t))) return std::nullopt;
  if (!exists(t)) return std::nullopt;
  return t;
}

// date-tz throws for an unknown name and nowhere else that we call.
Result<Zone> Zone::named(const std::string& name) {
  try {
    return Zone(date::locate_zone(name));
  } catch (const std::exception&) {
    return error(v1::CODE_INVALID, "time zone is not in the tz database: " + name);
  }
}

std::string Zone::spoken(Time time) const {
  constexpr std::array kMonths = {"January",   "February", "March",    "April",
                                  "May",       "June",     "July",     "August",
                                  "September", "October",  "November", "December"};
  const auto there = zone_->to_local(date::floor<std::chrono::seconds>(SysTime{Micros(time.us)}));
  const auto midnight = date::floor<date::days>(there);
  const date::year_month_day day{midnight};
  const date::hh_mm_ss clock{there - midnight};
  return fmt::format("{} {} {} at {:02}:{:02}", static_cast<unsigned>(day.day()),
                     kMonths[static_cast<unsigned>(day.month()) - 1], static_cast<int>(day.year()),
                     clock.hours().count(), clock.minutes().count());
}

std::optional<v1::TimeRange> to_range(std::string_view raw, const Zone& zone,
                                      std::optional<int> message_offset_minutes) {
  const auto stamp = parse_time_stamp(raw);
  if (!stamp) return std::nullopt;
  const auto offset = stamp->offset_minutes ? stamp->offset_minutes : message_offset_minutes;
  const auto instants = [&](LocalTime t) {
    return offset ? at_offset(t, *offset) : in_zone(t, zone.zone());
  };
  const Instants start = instants(local(*stamp));
  const SysTime end = stamp->precision <= Precision::kDay ? instants(next_unit(*stamp)).first
                                                          : start.last + length(stamp->precision);
  v1::TimeRange range;
  range.set_earliest_us(start.first.time_since_epoch().count());
  range.set_latest_us(end.time_since_epoch().count());
  range.set_raw(std::string(raw));
  range.set_ambiguous(start.first != start.last);
  return range;
}

std::string to_iso_date(std::string_view raw) {
  const auto stamp = parse_time_stamp(raw.substr(0, 8));  // a time of day cannot spoil the date
  if (!stamp || stamp->precision < Precision::kDay) return {};
  return fmt::format("{:04}-{:02}-{:02}", stamp->year, stamp->month, stamp->day);
}

}  // namespace switchboard::mllp
