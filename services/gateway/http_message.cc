#include "services/gateway/http_message.h"

#include "services/gateway/screen_json.h"
#include "switchboard/v1/screen.pb.h"

namespace switchboard::gateway {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string_view Request::header(const std::string& name) const {
  const auto at = headers.find(name);
  return at == headers.end() ? std::string_view() : std::string_view(at->second);
}

std::string_view Request::cookie(std::string_view name) const {
  std::string_view rest = header("cookie");
  while (!rest.empty()) {
    const std::string_view whole = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), whole.size() + 1));
    const std::string_view pair = trimmed(whole);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

Response problem(const Error& error, const std::string& field, unsigned retry_after_s) {
  v1::Problem said;
  said.set_code(error.code);
  said.set_text(error.text);
  said.set_field(field);
  said.set_retry_after_s(retry_after_s);
  Response out = json_response(said, status_of(error.code));
  if (retry_after_s > 0) out.headers.emplace_back("Retry-After", std::to_string(retry_after_s));
  return out;
}

unsigned status_of(v1::Code code) {
  switch (code) {
    case v1::CODE_OK:
    case v1::CODE_DUPLICATE:
    case v1::CODE_QUARANTINED:
      return 200;
    case v1::CODE_BUSY:
    case v1::CODE_DISK_LOW:
    case v1::CODE_RECOVERING:
    case v1::CODE_DRAINING:
    case v1::CODE_READ_ONLY:
      return 503;
    case v1::CODE_NOT_ALLOWED:
      return 403;
    case v1::CODE_NOT_FOUND:
      return 404;
    case v1::CODE_CONFLICT:
    case v1::CODE_OUT_OF_TURN:
    case v1::CODE_STALE_EPOCH:
      return 409;
    case v1::CODE_OVERSIZE:
      return 413;
    case v1::CODE_MALFORMED:
    case v1::CODE_INVALID:
      return 400;
    default:
      return 500;
  }
}

}  // namespace switchboard::gateway
