#include "services/gateway/own_page.h"

#include <algorithm>
#include <cctype>

#include "broker/base/hash.h"

namespace switchboard::gateway {
namespace {

Error not_ours() {
  return error(v1::CODE_NOT_ALLOWED,
               "this did not come from the Switchboard page itself: reload the page and try again");
}

bool equal_names(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

}  // namespace

Status check_origin(const Request& request, std::string_view scheme) {
  const std::string_view origin = request.header("origin");
  const std::string_view site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin") return not_ours();
  if (origin.empty()) return ok();
  const size_t colon = origin.find("://");
  if (colon == std::string_view::npos) return not_ours();  // "null": a sandbox, a file
  const std::string_view host = request.header("host");
  const bool own_scheme = scheme.empty() || equal_names(origin.substr(0, colon), scheme);
  const bool own_host = !host.empty() && equal_names(origin.substr(colon + 3), host);
  return own_scheme && own_host ? ok() : Status(not_ours());
}

Status check_known_origin(const Request& request, std::string_view scheme) {
  TRY_DO(check_origin(request, scheme));
  const bool marked =
      !request.header("origin").empty() || !request.header("sec-fetch-site").empty();
  return marked ? ok() : Status(not_ours());
}

Status check_csrf(const Request& request, std::string_view scheme, std::string_view csrf) {
  TRY_DO(check_origin(request, scheme));
  const bool own = !csrf.empty() && equal_constant_time(request.header("x-switchboard-csrf"), csrf);
  return own ? ok() : Status(not_ours());
}

bool asked_by_other_site(const Request& request) {
  const std::string_view site = request.header("sec-fetch-site");
  return !site.empty() && site != "same-origin" && site != "none";
}

std::string address_of(const Request& request) {
  if (request.door != Door::kProxy) return request.address;
  std::string_view last = request.header("x-forwarded-for");
  if (const size_t comma = last.rfind(','); comma != std::string_view::npos) {
    last.remove_prefix(comma + 1);
  }
  while (last.starts_with(' ')) last.remove_prefix(1);
  while (last.ends_with(' ')) last.remove_suffix(1);
  return last.empty() ? "proxy" : std::string(last);
}

}  // namespace switchboard::gateway
