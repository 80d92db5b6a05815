#include "adapters/mllp/draft.h"

namespace switchboard::mllp {

void Draft::because(std::string_view target, std::string_view source, std::string_view value,
                    Reason::Privacy privacy) {
  if (!trace) return;
  trace->push_back({std::string(target), std::string(source), std::string(value), privacy});
}

std::string Draft::take(const FieldPlace& place, std::string_view target, Reason::Privacy privacy) {
  std::string text = place.in(message).text();
  if (!text.empty()) because(target, place.text(), text, privacy);
  return text;
}

std::string Draft::take_words(FieldPlace place, std::string_view target) {
  if (!place.in(message).has_value() && place.component == 2) place.component = 1;
  return take(place, target);
}

std::optional<v1::TimeRange> Draft::take_time(const FieldPlace& place, std::string_view target) {
  const Value value = place.in(message);
  if (!value.has_value()) return std::nullopt;
  const std::string raw = value.component(1).text();
  auto range = to_range(raw, mapping.zone, message_offset_minutes);
  if (!range) {
    note(place.text() + " is not a time that exists");
    return std::nullopt;
  }
  because(target, place.text(), raw + (range->ambiguous() ? " (a repeated or missing hour)" : ""));
  return range;
}

std::optional<v1::TimeRange> Draft::take_time(const std::vector<FieldPlace>& places,
                                              std::string_view target) {
  for (const FieldPlace& place : places) {
    if (auto range = take_time(place, target)) return range;
  }
  return std::nullopt;
}

}  // namespace switchboard::mllp
