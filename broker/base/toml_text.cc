#include "broker/base/toml_text.h"

#include <algorithm>
#include <string>
#include <utility>

namespace switchboard {
namespace {

bool is_foreign(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x7f || (byte < 0x20 && c != '\t' && c != '\n' && c != '\r');
}

// A quote in the middle of a word begins no string; toml++ would read on into its text.
bool is_misplaced_quote(std::string_view text, size_t at) {
  if (text[at] != '"' && text[at] != '\'') return false;
  return at > 0 && std::string_view(" \t\r\n=,[{.").find(text[at - 1]) == std::string_view::npos;
}

// Just past the string that begins at `at`; a string that does not end reaches to the end.
size_t skip_string(std::string_view text, size_t at) {
  const char quote = text[at];
  const std::string triple(3, quote);
  const bool multi = text.substr(at, 3) == triple;
  const std::string_view end =
      multi ? std::string_view(triple) : std::string_view(triple).substr(2);
  for (at += end.size(); at < text.size(); ++at) {
    if (text.substr(at, end.size()) == end) return at + end.size();
    if (!multi && text[at] == '\n') return at;
    if (quote == '"' && text[at] == '\\') ++at;
  }
  return text.size();
}

// A second '=' before the next key can begin is part of no value, and a quote after it of no
// string: toml++ would read on into its text as well.
class Assignments {
 public:
  bool misplaced(char c) {
    if (c == '=') return std::exchange(open_, true);
    if (c == '\n' || c == ',' || c == '{') open_ = false;
    return false;
  }

 private:
  bool open_ = false;
};

}  // namespace

std::optional<TextPlace> find_foreign_byte(std::string_view text) {
  Assignments assignments;
  for (size_t at = 0; at < text.size();) {
    if (is_foreign(text[at]) || is_misplaced_quote(text, at) || assignments.misplaced(text[at])) {
      const auto before = text.substr(0, at);
      const auto line = std::count(before.begin(), before.end(), '\n') + 1;
      const size_t column = at - (before.find_last_of('\n') + 1) + 1;  // npos + 1 is 0
      return TextPlace{static_cast<uint32_t>(line), static_cast<uint32_t>(column)};
    }
    if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (text[at] == '"' || text[at] == '\'') {
      at = skip_string(text, at);
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

}  // namespace switchboard
