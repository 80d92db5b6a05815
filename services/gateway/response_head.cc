#include "services/gateway/response_head.h"

#include <strings.h>

#include <algorithm>

namespace switchboard::gateway {
namespace {

constexpr std::pair<unsigned, const char*> kReasons[] = {{200, "OK"},
                                                         {304, "Not Modified"},
                                                         {400, "Bad Request"},
                                                         {401, "Unauthorized"},
                                                         {403, "Forbidden"},
                                                         {404, "Not Found"},
                                                         {405, "Method Not Allowed"},
                                                         {408, "Request Timeout"},
                                                         {409, "Conflict"},
                                                         {413, "Content Too Large"},
                                                         {423, "Locked"},
                                                         {429, "Too Many Requests"},
                                                         {431, "Request Header Fields Too Large"},
                                                         {500, "Internal Server Error"},
                                                         {503, "Service Unavailable"}};

const char* reason_of(unsigned status) {
  for (const auto& [known, reason] : kReasons) {
    if (known == status) return reason;
  }
  return "";
}

bool token(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != kMarks.npos;
  });
}

bool plain(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
}

bool ours(const std::string& name) {
  for (const char* own : {"Content-Length", "Content-Type", "Connection", "Transfer-Encoding"}) {
    if (strcasecmp(name.c_str(), own) == 0) return true;
  }
  return false;
}

void append(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

Result<std::string> response_head(const Response& response, const HeadFacts& facts) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out.append(reason_of(response.status)).append("\r\n");
  if (!plain(response.type)) return error(v1::CODE_INTERNAL, "a type that cannot be sent");
  if (response.status != 304) append(out, "Content-Type", response.type);
  // 304 has no body, and a length there would be the page's, which nobody sends.
  if (facts.length && response.status != 304) {
    append(out, "Content-Length", std::to_string(*facts.length));
  }
  append(out, "Connection", facts.keep_alive ? "keep-alive" : "close");
  for (const auto& [name, value] : response.headers) {
    if (!token(name) || !plain(value)) {
      return error(v1::CODE_INTERNAL, "a header that cannot be sent");
    }
    if (!ours(name)) append(out, name, value);
  }
  out += "\r\n";
  return out;
}

}  // namespace switchboard::gateway
