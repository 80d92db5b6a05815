#include <algorithm>

#include "adapters/mllp/charset.h"
#include "adapters/mllp/hl7_message.h"
#include "broker/base/bytes.h"

namespace switchboard::mllp {
namespace {

// The number of blank lines of \.sp3\ ; bounded, as the text asks for memory.
size_t blank_lines(std::string_view code) {
  code.remove_prefix(3);
  while (code.starts_with(' ') || code.starts_with('+')) code.remove_prefix(1);
  size_t n = 0;
  for (const char c : code) {
    if (c < '0' || c > '9') return 1;
    n = std::min<size_t>(n * 10 + static_cast<size_t>(c - '0'), 16);
  }
  return std::max<size_t>(n, 1);
}

// Appends what \code\ means; false if it is unknown.
bool decode_one(std::string_view code, const Delimiters& d, std::string& out) {
  if (code == "F") return out += d.field, true;
  if (code == "S") return out += d.component, true;
  if (code == "T") return out += d.subcomponent, true;
  if (code == "R") return out += d.repetition, true;
  if (code == "E") return out += d.escape, true;
  if (code == "H" || code == "N") return true;
  if (code == ".br") return out += '\n', true;
  if (code.starts_with(".sp")) return out.append(blank_lines(code), '\n'), true;
  if (!code.starts_with('X')) return false;
  const auto bytes = from_hex(code.substr(1));
  if (!bytes || bytes->empty()) return false;
  out += decode(*bytes, std::nullopt, Charset::kWindows1252).utf8;
  return true;
}

}  // namespace

std::string decode_escapes(std::string_view raw, const Delimiters& d) {
  std::string out;
  while (!raw.empty()) {
    const size_t open = raw.find(d.escape);
    out += raw.substr(0, open);
    if (open == raw.npos) break;
    raw.remove_prefix(open);
    const size_t close = raw.find(d.escape, 1);
    if (close == raw.npos) return out += raw;  // an escape that never ends is text
    if (decode_one(raw.substr(1, close - 1), d, out)) {
      raw.remove_prefix(close + 1);
    } else {  // kept as it is; its last character may open the next
      out += raw.substr(0, close);
      raw.remove_prefix(close);
    }
  }
  return out;
}

std::string encode_escapes(std::string_view text, const Delimiters& d) {
  std::string out;
  for (const char c : text) {
    const char code = c == d.field          ? 'F'
                      : c == d.component    ? 'S'
                      : c == d.subcomponent ? 'T'
                      : c == d.repetition   ? 'R'
                      : c == d.escape       ? 'E'
                                            : '\0';
    if (c == '\r' || c == '\n') {
      out += {d.escape, '.', 'b', 'r', d.escape};
    } else if (code) {
      out += {d.escape, code, d.escape};
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace switchboard::mllp
