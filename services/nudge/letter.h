// A nudge as a mail (RFC 5322) and as the body of a webhook. Nothing of it names anybody: subject
// and text are the hub's.
//
// The same nudge has the same Message-ID and the same key at every try, so that a receiver can tell
// a second copy. Pure.
#pragma once

#include <optional>
#include <string>

#include "broker/base/time.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::nudge {

// Nothing: the address cannot be written into a header safely.
std::optional<std::string> mail_of(const v1::NudgeJob& job, const std::string& from, Time now);

struct Hook {
  std::string body;       // JSON
  std::string key;        // Idempotency-Key
  std::string timestamp;  // seconds since 1970
  std::string signature;  // "sha256=" and HMAC-SHA256 of timestamp, '.', body, in hex
};
Hook hook_of(const v1::NudgeJob& job, const std::string& secret, Time now);

}  // namespace switchboard::nudge
