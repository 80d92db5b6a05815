#include "services/nudge/letter.h"

#include <algorithm>
#include <cctype>
#include <ctime>
#include <nlohmann/json.hpp>

#include "broker/base/bytes.h"
#include "broker/base/hmac.h"

namespace switchboard::nudge {
namespace {

constexpr size_t kLineMax = 72;      // RFC 2045 allows 76 characters
constexpr size_t kAddressMax = 254;  // RFC 5321
constexpr size_t kSubjectMax = 200;  // a header's line has at most 998

bool is_header_safe(const std::string& text) {
  return !text.empty() && text.size() <= kAddressMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return std::isgraph(static_cast<unsigned char>(c)) != 0 && c != '<' && c != '>' &&
                  c != ',';
         });
}

// A subject is one line of ASCII, whatever comes.
std::string one_line(std::string text) {
  text.resize(std::min(text.size(), kSubjectMax));
  for (char& c : text) {
    if (std::isprint(static_cast<unsigned char>(c)) == 0) c = '?';
  }
  return text;
}

std::string date_of(Time now) {
  const std::time_t at = now.us / 1'000'000;
  std::tm utc{};
  gmtime_r(&at, &utc);
  char text[64];
  const size_t length = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &utc);
  return {text, length};
}

std::string quoted_printable(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  size_t column = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    if (column >= kLineMax) {
      out += "=\r\n";
      column = 0;
    }
    const bool at_end = i + 1 == text.size() || text[i + 1] == '\n';
    const bool plain = (std::isgraph(c) != 0 && c != '=') || (c == ' ' && !at_end);
    if (plain) {
      out += static_cast<char>(c);
      ++column;
    } else {
      out += {'=', kHex[c >> 4], kHex[c & 15]};
      column += 3;
    }
  }
  if (!out.empty() && !out.ends_with('\n')) out += "\r\n";  // RFC 5321: a line has an end
  return out;
}

}  // namespace

std::optional<std::string> mail_of(const v1::NudgeJob& job, const std::string& from, Time now) {
  if (!is_header_safe(job.address()) || job.address().find('@') == std::string::npos) {
    return std::nullopt;
  }
  const std::string domain = from.substr(from.find('@') + 1);
  return "From: Switchboard <" + from + ">\r\nTo: <" + job.address() +
         ">\r\nSubject: " + one_line(job.subject()) + "\r\nDate: " + date_of(now) +
         "\r\nMessage-ID: <" + to_hex(job.nudge_id()) + "@" + domain +
         ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
         "Content-Type: text/plain; charset=utf-8\r\n"
         "Content-Transfer-Encoding: quoted-printable\r\n\r\n" +
         quoted_printable(job.text());
}

Hook hook_of(const v1::NudgeJob& job, const std::string& secret, Time now) {
  Hook hook;
  hook.key = to_hex(job.nudge_id());
  const nlohmann::ordered_json body = {
      {"id", hook.key}, {"team", job.team()}, {"subject", job.subject()}, {"text", job.text()}};
  hook.body = body.dump();  // what came in a frame is UTF-8
  hook.timestamp = std::to_string(now.us / 1'000'000);
  const auto mac = hmac_sha256(secret, hook.timestamp + "." + hook.body);
  hook.signature =
      "sha256=" + to_hex(std::string_view(reinterpret_cast<const char*>(mac.data()), mac.size()));
  return hook;
}

}  // namespace switchboard::nudge
