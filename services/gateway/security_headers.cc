#include "services/gateway/security_headers.h"

#include <strings.h>

#include <algorithm>

namespace switchboard::gateway {
namespace {

constexpr std::pair<const char*, const char*> kAlways[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
     "base-uri 'none'; manifest-src 'self'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy",
     "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), "
     "fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
     "payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), "
     "usb=(), web-share=(), xr-spatial-tracking=()"}};
constexpr const char* kCaching = "Cache-Control";

bool named(const std::pair<std::string, std::string>& header, const char* name) {
  return strcasecmp(header.first.c_str(), name) == 0;
}

void set(Response& response, const char* name, const char* value) {
  std::erase_if(response.headers, [&](const auto& header) { return named(header, name); });
  response.headers.emplace_back(name, value);
}

}  // namespace

void add_security_headers(Response& response, std::string_view path, bool tls) {
  for (const auto& [name, value] : kAlways) set(response, name, value);
  if (tls) set(response, "Strict-Transport-Security", "max-age=31536000");
  const bool says = std::any_of(response.headers.begin(), response.headers.end(),
                                [](const auto& header) { return named(header, kCaching); });
  const bool api = path == "/api" || path.starts_with("/api/");
  if (api || !says) set(response, kCaching, "no-store");
}

}  // namespace switchboard::gateway
