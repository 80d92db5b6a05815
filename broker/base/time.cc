#include "broker/base/time.h"

#include <date/date.h>

#include <charconv>
#include <chrono>
#include <cstdio>

namespace switchboard {
namespace {

// Takes exactly `width` digits off the front.
std::optional<int> take_digits(std::string_view& in, size_t width) {
  if (in.size() < width) return std::nullopt;
  int v = 0;
  for (size_t i = 0; i < width; ++i) {
    if (in[i] < '0' || in[i] > '9') return std::nullopt;
    v = v * 10 + (in[i] - '0');
  }
  in.remove_prefix(width);
  return v;
}
bool take(std::string_view& in, char c) {
  if (in.empty() || in.front() != c) return false;
  in.remove_prefix(1);
  return true;
}

std::optional<int64_t> take_fraction_us(std::string_view& in) {
  if (!take(in, '.')) return 0;
  int64_t us = 0;
  int64_t scale = 100'000;
  size_t digits = 0;
  while (!in.empty() && in.front() >= '0' && in.front() <= '9') {
    us += (in.front() - '0') * scale;
    scale /= 10;
    in.remove_prefix(1);
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  return us;
}

std::optional<int64_t> take_offset_s(std::string_view& in) {
  if (take(in, 'Z') || take(in, 'z')) return 0;
  if (in.empty() || (in.front() != '+' && in.front() != '-')) return std::nullopt;
  const int64_t sign = in.front() == '-' ? -1 : 1;
  in.remove_prefix(1);
  const auto hours = take_digits(in, 2);
  if (!hours || !take(in, ':')) return std::nullopt;
  const auto minutes = take_digits(in, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

}  // namespace

std::string to_rfc3339(Time t) {
  using std::chrono::microseconds;
  const date::sys_time<microseconds> point{microseconds{t.us}};
  const auto day = date::floor<date::days>(point);
  const date::year_month_day ymd{day};
  const date::hh_mm_ss<microseconds> clock{point - day};
  const auto us = clock.subseconds().count();
  char out[40];
  const int n =
      std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d", int(ymd.year()),
                    unsigned(ymd.month()), unsigned(ymd.day()), int(clock.hours().count()),
                    int(clock.minutes().count()), int(clock.seconds().count()));
  std::string text(out, static_cast<size_t>(n));
  if (us % 1000 == 0) {
    std::snprintf(out, sizeof out, ".%03dZ", int(us / 1000));
  } else {
    std::snprintf(out, sizeof out, ".%06dZ", int(us));
  }
  return text + out;
}

std::optional<Time> from_rfc3339(std::string_view in) {
  const auto year = take_digits(in, 4);
  if (!year || !take(in, '-')) return std::nullopt;
  const auto month = take_digits(in, 2);
  if (!month || !take(in, '-')) return std::nullopt;
  const auto day = take_digits(in, 2);
  if (!day || !(take(in, 'T') || take(in, 't') || take(in, ' '))) return std::nullopt;
  const auto hour = take_digits(in, 2);
  if (!hour || !take(in, ':')) return std::nullopt;
  const auto minute = take_digits(in, 2);
  if (!minute || !take(in, ':')) return std::nullopt;
  const auto second = take_digits(in, 2);
  if (!second) return std::nullopt;
  const auto fraction = take_fraction_us(in);
  if (!fraction) return std::nullopt;
  const auto offset = take_offset_s(in);
  if (!offset || !in.empty()) return std::nullopt;
  const date::year_month_day ymd{date::year{*year}, date::month{static_cast<unsigned>(*month)},
                                 date::day{static_cast<unsigned>(*day)}};
  if (!ymd.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const int64_t days = date::sys_days{ymd}.time_since_epoch().count();
  const int64_t s = days * 86400 + *hour * 3600 + *minute * 60 + *second - *offset;
  return Time{s * 1'000'000 + *fraction};
}

}  // namespace switchboard
