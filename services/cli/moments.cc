#include "services/cli/moments.h"

#include <charconv>

namespace switchboard::cli {
namespace {

std::optional<Time> ago(std::string_view text, Time now) {
  if (text.size() < 2) return std::nullopt;
  const char unit = text.back();
  const int64_t unit_s = unit == 'm' ? 60 : unit == 'h' ? 3600 : unit == 'd' ? 86400 : 0;
  uint32_t n = 0;
  const char* end = text.data() + text.size() - 1;
  const auto [at, failed] = std::from_chars(text.data(), end, n);
  if (unit_s == 0 || failed != std::errc() || at != end || n > 100'000) return std::nullopt;
  return now - seconds(n * unit_s);
}

std::optional<Time> read_moment(std::string_view text, Time now, int32_t days_on) {
  if (const auto day = read_day(text, now)) return london_midnight({day->number + days_on});
  if (const auto time = from_rfc3339(text)) return time;
  return ago(text, now);
}

}  // namespace

std::optional<Time> read_time(std::string_view text) {
  if (const auto time = from_rfc3339(text)) return time;
  return time_from_words(text);
}

std::optional<Duration> read_span(std::string_view text) {
  const auto before = ago(text, Time{});
  return before ? std::optional(Time{} - *before) : std::nullopt;
}

std::optional<Day> read_day(std::string_view text, Time now) {
  if (text == "today") return london_day(now);
  if (text == "yesterday") return Day{london_day(now).number - 1};
  return day_from_string(text);
}

std::optional<Time> read_since(std::string_view text, Time now) {
  return read_moment(text, now, 0);
}

std::optional<Time> read_until(std::string_view text, Time now) {
  return read_moment(text, now, 1);
}

std::optional<Time> read_clock(std::string_view text) {
  if (const auto time = time_from_words(text)) return time;
  return from_rfc3339(text);
}

}  // namespace switchboard::cli
