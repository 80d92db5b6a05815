#include "services/gateway/request_target.h"

#include <algorithm>
#include <optional>

#include "broker/base/bytes.h"
#include "broker/runtime/json_text.h"

namespace switchboard::gateway {
namespace {

constexpr size_t kQueryNamesMax = 32;

Error malformed(const char* what) {
  return error(v1::CODE_MALFORMED, std::string("The address of this request has ") + what + ".");
}

std::optional<char> unescaped(std::string_view hex) {
  if (hex.size() < 2) return std::nullopt;
  const auto byte = from_hex(hex.substr(0, 2));
  if (!byte) return std::nullopt;
  return byte->front();
}

bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// Nothing: half an escape, or what no address holds.
std::optional<std::string> decoded(std::string_view text, bool form) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      const auto byte = unescaped(text.substr(at + 1));
      if (!byte) return std::nullopt;
      c = *byte;
      at += 2;
    } else if (c == '+' && form) {
      c = ' ';
    }
    if (control(c)) return std::nullopt;
    out.push_back(c);
  }
  for (std::string_view rest = out; !rest.empty();) {
    const size_t length = utf8_length(rest);
    if (length == 0) return std::nullopt;
    rest.remove_prefix(length);
  }
  return out;
}

bool escapes_slash(std::string_view path) {
  return path.find("%2f") != path.npos || path.find("%2F") != path.npos;
}

Status read_query(std::string_view text, std::map<std::string, std::string>& query) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const size_t equals = std::min(pair.find('='), pair.size());
    auto name = decoded(pair.substr(0, equals), true);
    auto value = decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) return malformed("a query that cannot be read");
    query.emplace(std::move(*name), std::move(*value));
    if (query.size() > kQueryNamesMax) return malformed("too long a query");
  }
  return ok();
}

}  // namespace

Result<RequestTarget> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return malformed("no path");
  const std::string_view path = target.substr(0, target.find('?'));
  if (escapes_slash(path)) return malformed("an escaped slash in its path");
  auto plain = decoded(path, false);
  if (!plain) return malformed("a path that cannot be read");
  RequestTarget out{.path = std::move(*plain)};
  if (path.size() < target.size()) TRY_DO(read_query(target.substr(path.size() + 1), out.query));
  return out;
}

}  // namespace switchboard::gateway
