#include "adapters/mllp/tally.h"

#include <algorithm>

namespace switchboard::mllp {
namespace {

constexpr size_t kShownBytesMax = 24;
constexpr size_t kDigitsMax = 5;  // in a row: a longer number may be somebody's
constexpr const char* kMore = "(others)";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

char class_of(char c) {
  if (is_digit(c)) return '9';
  if (is_letter(c) || (static_cast<unsigned char>(c) & 0x80) != 0) return 'A';
  return c < 0x20 || c == 0x7f ? '?' : c;  // a report has one line for a value
}

void append_run(std::string& out, char c, size_t length) {
  out += c;
  if (length == 2) out += c;
  if (length > 2) out += "{" + std::to_string(length) + "}";
}

}  // namespace

void Tally::add(std::string value, uint64_t count) {
  const bool full = counts_.size() >= kValuesMax && !counts_.contains(value);
  counts_[full ? kMore : std::move(value)] += count;
}

uint64_t Tally::of(const std::string& value) const {
  const auto it = counts_.find(value);
  return it == counts_.end() ? 0 : it->second;
}

uint64_t Tally::total() const {
  uint64_t sum = 0;
  for (const auto& [value, count] : counts_) sum += count;
  return sum;
}

std::vector<std::pair<std::string, uint64_t>> Tally::rows() const {
  std::vector<std::pair<std::string, uint64_t>> rows(counts_.begin(), counts_.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return rows;
}

std::string shape_of(std::string_view value) {
  std::string out;
  const auto text = value.substr(0, 64);
  for (size_t i = 0; i < text.size();) {
    const char c = class_of(text[i]);
    size_t length = 1;
    while (i + length < text.size() && class_of(text[i + length]) == c) ++length;
    append_run(out, c, length);
    i += length;
  }
  return out;
}

std::string shown(std::string_view value) {
  size_t digits = 0;
  bool plain = value.size() <= kShownBytesMax;
  for (const char c : value) {
    digits = is_digit(c) ? digits + 1 : 0;
    const bool between = c == ' ' || c == '-' || c == '_' || c == '.' || c == '/';
    plain = plain && digits <= kDigitsMax && (is_digit(c) || is_letter(c) || between);
  }
  return plain ? std::string(value) : "<" + shape_of(value) + ">";
}

}  // namespace switchboard::mllp
