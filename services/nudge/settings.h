// The configuration, checked: addresses read, secrets in memory, TLS decided. Fails closed: mail
// goes in the clear to a relay on loopback only, and a secret that others can read is refused.
//
// Thread: any, const after reading. Fails: CODE_INVALID with every problem, one a line; never with
// a secret in the text.
#pragma once

#include <optional>
#include <string>

#include "broker/base/result.h"
#include "broker/base/time.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::nudge {

struct Relay {
  std::string url;
  std::string user;
  std::string password;
  std::string from;
  bool tls = true;  // STARTTLS is demanded; smtps:// is TLS from the start
};
struct Settings {
  std::optional<Relay> relay;              // none: no mail
  std::optional<std::string> webhook_key;  // none: no webhooks
  std::string ca_file;                     // empty: the system's
  Duration poll;
  Duration timeout;
  uint32_t attempts_max = 0;
  Duration retry;
};
Result<Settings> read_settings(const v1::NudgeConfig& config);

// "127.0.0.1", "::1" (also in brackets), "localhost".
bool is_loopback(const std::string& host);
// "host" of "scheme://host:port/path"; empty if there is none.
std::string host_of(const std::string& url);

}  // namespace switchboard::nudge
