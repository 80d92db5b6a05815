#include "broker/core/staffing.h"

#include <algorithm>

namespace switchboard::core {
namespace {

constexpr int32_t kDaySeconds = 86'400;
constexpr int kSearchDays = 370;  // a year and the longest closure after it

constexpr std::array kNames = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

// Monday is 0; nothing for an unspecified day.
std::optional<size_t> index_of(int day) {
  if (day < v1::WEEKDAY_MONDAY || day > v1::WEEKDAY_SUNDAY) return std::nullopt;
  return static_cast<size_t>(day - v1::WEEKDAY_MONDAY);
}

std::array<bool, 7> days_of(const v1::Hours& hours) {
  std::array<bool, 7> days{};
  for (const int day : hours.days()) {
    if (const auto index = index_of(day)) days[*index] = true;
  }
  return days;
}

// "Mon-Fri", "Mon, Wed".
std::string day_words(const std::array<bool, 7>& days) {
  std::string words;
  for (size_t first = 0; first < days.size(); ++first) {
    if (!days[first]) continue;
    size_t last = first;
    while (last + 1 < days.size() && days[last + 1]) ++last;
    if (!words.empty()) words += ", ";
    words += kNames[first];
    if (last > first) words += std::string(last == first + 1 ? ", " : "-") + kNames[last];
    first = last;
  }
  return words;
}

}  // namespace

std::string check_hours(const v1::Hours& hours) {
  if (hours.days().empty()) return "hours.days names no day";
  for (const int day : hours.days()) {
    if (!index_of(day)) return "hours.days has something that is no weekday";
  }
  if (!seconds_from_clock(hours.from())) return "hours.from is no time like \"09:00\"";
  if (!seconds_from_clock(hours.to())) return "hours.to is no time like \"17:00\"";
  if (hours.from() == hours.to()) return "hours.from and hours.to are the same";
  if (hours.from() == "24:00") return "hours.from is the end of the day";
  return {};
}

std::string hours_in_words(const v1::Team& team) {
  std::string words;
  for (const auto& hours : team.hours()) {
    if (!words.empty()) words += "; ";
    words += day_words(days_of(hours)) + " " + hours.from() + "-" + hours.to();
    if (hours.also_bank_holidays()) words += " also on bank holidays";
  }
  return words.empty() ? "always" : words;
}

Staffing::Staffing(const v1::Team& team, const v1::Calendar* calendar) {
  for (const auto& hours : team.hours()) {
    if (!check_hours(hours).empty()) continue;
    Slot slot;
    slot.from = *seconds_from_clock(hours.from());
    slot.to = *seconds_from_clock(hours.to());
    if (slot.to < slot.from) slot.to += kDaySeconds;
    slot.bank_holidays = hours.also_bank_holidays();
    slot.days = days_of(hours);
    slots_.push_back(slot);
  }
  if (calendar == nullptr) return;
  for (const auto& holiday : calendar->days()) {
    if (const auto day = day_from_string(holiday.date())) holidays_.push_back(*day);
  }
  std::sort(holidays_.begin(), holidays_.end());
}

std::vector<Staffing::Span> Staffing::spans_of(Day day) const {
  const bool holiday = std::binary_search(holidays_.begin(), holidays_.end(), day);
  std::vector<Span> spans;
  for (const Slot& slot : slots_) {
    if (!slot.days[static_cast<size_t>(weekday(day))] || (holiday && !slot.bank_holidays)) continue;
    const Time from = from_london(day, slot.from);
    const Time to = slot.to <= kDaySeconds ? from_london(day, slot.to)
                                           : from_london(day + 1, slot.to - kDaySeconds);
    if (from < to) spans.push_back({from, to});
  }
  std::sort(spans.begin(), spans.end(),
            [](const Span& a, const Span& b) { return a.from < b.from; });
  std::vector<Span> merged;
  for (const Span& span : spans) {
    if (!merged.empty() && span.from <= merged.back().to) {
      merged.back().to = std::max(merged.back().to, span.to);
    } else {
      merged.push_back(span);
    }
  }
  return merged;
}

bool Staffing::staffed(Time at) const {
  if (always()) return true;
  const auto first = next(at);
  return first && *first == at;
}

std::optional<Time> Staffing::next(Time at) const {
  if (always()) return at;
  const Day today = to_london(at).day;
  for (int i = -1; i <= kSearchDays; ++i) {  // a night shift began yesterday
    for (const Span& span : spans_of(today + i)) {
      if (at < span.to) return std::max(at, span.from);
    }
  }
  return std::nullopt;
}

Time Staffing::add(Time at, Duration within) const {
  if (always() || !next(at)) return at + within;
  const Day today = to_london(at).day;
  Time covered = at;  // spans of two days may overlap: nothing counts twice
  Duration left = within;
  // Each year has a staffed second, as next() found one, so this ends.
  for (int i = -1;; ++i) {
    for (const Span& span : spans_of(today + i)) {
      const Time from = std::max(covered, span.from);
      if (from >= span.to) continue;
      if (left <= span.to - from) return from + left;
      left = left - (span.to - from);
      covered = span.to;
    }
  }
}

}  // namespace switchboard::core
