// Any job of the hub as a mail and as a webhook: headers stay one line each, and nothing that the
// hub said ends the body early.
#include <algorithm>
#include <cstdint>

#include "broker/base/check.h"
#include "services/nudge/letter.h"
#include "services/nudge/settings.h"

using namespace switchboard;

namespace {

// RFC 5322: CRLF only, no line over 998 bytes, one blank line before the body.
void check_mail(const std::string& mail) {
  const size_t body = mail.find("\r\n\r\n");
  CHECK(body != std::string::npos);
  for (size_t at = 0; at < mail.size();) {
    const size_t end = mail.find("\r\n", at);
    CHECK(end != std::string::npos && end - at <= 998);
    const auto line = std::string_view(mail).substr(at, end - at);
    CHECK(line.find_first_of("\r\n") == std::string_view::npos);
    if (at < body) {
      CHECK(std::all_of(line.begin(), line.end(), [](char c) { return c >= 32 && c < 127; }));
    }
    at = end + 2;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const std::string host = nudge::host_of(text);
  CHECK(host.size() <= text.size() && host.find('/') == std::string::npos);
  v1::NudgeJob job;
  if (!job.ParseFromString(text) || job.nudge_id().size() > 64) return 0;
  const auto mail = nudge::mail_of(job, "switchboard@hub.example", Time{1});
  if (mail) check_mail(*mail);
  const auto hook = nudge::hook_of(job, "invented", Time{1});
  CHECK(hook.key.find_first_of("\r\n") == std::string::npos);
  CHECK(hook.signature.size() == 7 + 64);
  return 0;
}
