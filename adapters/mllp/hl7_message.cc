#include "adapters/mllp/hl7_message.h"

#include <algorithm>

#include "adapters/mllp/charset.h"
#include "broker/base/limits.h"

namespace switchboard::mllp {
namespace {

bool is_upper_or_digit(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_segment_name(std::string_view name) {
  return name.size() == 3 && std::all_of(name.begin(), name.end(), is_upper_or_digit);
}

bool may_delimit(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7f && !is_upper_or_digit(c) && !(c >= 'a' && c <= 'z') && c != '"';
}

// MSH-2 may be shorter than four characters: what it leaves out keeps HL7's recommendation.
std::variant<Delimiters, Problem> read_delimiters(std::string_view bytes) {
  if (!bytes.starts_with("MSH") || bytes.size() < 5) {
    return Problem{"no_msh", "the message does not begin with an MSH segment"};
  }
  Delimiters d{.field = bytes[3]};
  const auto rest = bytes.substr(4);
  const auto coding = rest.substr(0, std::min(rest.find(d.field), rest.find('\r')));
  char* const slots[] = {&d.component, &d.repetition, &d.escape, &d.subcomponent};
  for (size_t i = 0; i < std::size(slots) && i < coding.size(); ++i) *slots[i] = coding[i];
  std::string all{d.field, d.component, d.repetition, d.escape, d.subcomponent};
  std::sort(all.begin(), all.end());
  const bool twice = std::adjacent_find(all.begin(), all.end()) != all.end();
  if (coding.empty() || twice || !std::all_of(all.begin(), all.end(), may_delimit)) {
    return Problem{"bad_delimiters", "MSH-1 and MSH-2 do not name five different delimiters"};
  }
  return d;
}

// The line that `rest` begins with; rest loses it and its separator.
std::string_view take_line(std::string_view& rest, LineEnds ends) {
  const size_t at = ends == LineEnds::kAny ? rest.find_first_of("\r\n") : rest.find('\r');
  const auto line = rest.substr(0, at);
  rest.remove_prefix(at == rest.npos ? rest.size() : at + 1);
  return line;
}

size_t count_of(std::string_view text, char delimiter) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), delimiter));
}

std::string_view nth(std::string_view text, char delimiter, size_t n) {
  for (; n > 1; --n) {
    const size_t at = text.find(delimiter);
    if (at == text.npos) return {};
    text.remove_prefix(at + 1);
  }
  return text.substr(0, text.find(delimiter));
}

}  // namespace

std::variant<Message, Problem> Message::parse(std::string_view bytes, LineEnds ends) {
  auto delimiters = read_delimiters(bytes);
  if (auto* problem = std::get_if<Problem>(&delimiters)) return std::move(*problem);
  Message message;
  message.delimiters_ = std::make_unique<const Delimiters>(std::get<Delimiters>(delimiters));
  while (!bytes.empty()) {
    const auto line = take_line(bytes, ends);
    if (line.find_first_not_of("\r\n ") == line.npos) continue;
    if (message.segments_.size() == kSegmentsMax) {
      return Problem{"too_many_segments", "more than " + std::to_string(kSegmentsMax)};
    }
    const Segment& segment = message.segments_.emplace_back(line, message.delimiters_.get());
    if (segment.fields() > kFieldsMax) {
      return Problem{"too_many_fields", "a segment has more than " + std::to_string(kFieldsMax)};
    }
    if (segment.name().empty()) ++message.odd_lines_;
  }
  return message;
}

const Segment* Message::first(std::string_view name) const {
  const auto it = std::find_if(segments_.begin(), segments_.end(),
                               [&](const Segment& s) { return s.name() == name; });
  return it == segments_.end() ? nullptr : &*it;
}

size_t Message::count(std::string_view name) const {
  return static_cast<size_t>(std::count_if(segments_.begin(), segments_.end(),
                                           [&](const Segment& s) { return s.name() == name; }));
}

Message Message::part(const std::vector<size_t>& segments) const {
  Message out;
  out.delimiters_ = std::make_unique<const Delimiters>(*delimiters_);
  for (const size_t at : segments) {
    const Segment& segment =
        out.segments_.emplace_back(segments_.at(at).line(), out.delimiters_.get());
    if (segment.name().empty()) ++out.odd_lines_;
  }
  return out;
}

std::string Message::lines() const {
  std::string out;
  for (const Segment& segment : segments_) out.append(segment.line()).push_back('\r');
  return out;
}

Value Message::field(std::string_view segment, size_t n) const {
  const Segment* found = first(segment);
  return found ? found->field(n) : Value();
}

Segment::Segment(std::string_view line, const Delimiters* delimiters)
    : line_(line), delimiters_(delimiters) {
  const auto name = line.substr(0, line.find(delimiters->field));
  if (is_segment_name(name)) name_ = name;
}

size_t Segment::fields() const {
  return count_of(line_, delimiters_->field) + (name_ == "MSH" ? 1 : 0);
}

Value Segment::field(size_t n) const {
  if (n == 0 || name_.empty()) return {};
  if (name_ != "MSH") return {nth(line_, delimiters_->field, n + 1), delimiters_};
  if (n == 1) return {line_.substr(3, 1), nullptr};
  return {nth(line_, delimiters_->field, n), n == 2 ? nullptr : delimiters_};
}

size_t Value::repetitions() const {
  if (raw_.empty()) return 0;
  if (!delimiters_) return 1;
  return std::min(count_of(raw_, delimiters_->repetition) + 1, kRepetitionsMax);
}

Value Value::part(char delimiter, size_t n) const {
  if (n == 0) return {};
  return {nth(raw_, delimiter, n), delimiters_};
}

Value Value::repetition(size_t n) const {
  if (!delimiters_) return n == 1 ? *this : Value();
  return part(delimiters_->repetition, n);
}

Value Value::component(size_t n) const {
  if (!delimiters_) return n == 1 ? *this : Value();
  return repetition(1).part(delimiters_->component, n);
}

Value Value::subcomponent(size_t n) const {
  if (!delimiters_) return n == 1 ? *this : Value();
  return component(1).part(delimiters_->subcomponent, n);
}

std::string Value::text() const {
  if (!has_value()) return {};
  const auto raw = raw_.substr(0, 2 * limits::kTextBytesMax);
  std::string out = delimiters_ ? decode_escapes(raw, *delimiters_) : std::string(raw);
  const size_t first = out.find_first_not_of(" \t");
  if (first == out.npos) return {};
  out = out.substr(first, out.find_last_not_of(" \t") - first + 1);
  return clip(std::move(out), limits::kTextBytesMax);
}

}  // namespace switchboard::mllp
