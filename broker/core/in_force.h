// Whether an enrolled key is taken at a moment: the one question that everybody asks (P9).
//
// A key ends by being revoked, or after its last day, which is over at midnight in Europe/London. A
// last day that cannot be read is over: closed is the safe side, and `status` lists it. Pure; any
// thread. Not here: who is told of an end (key_expiry.h).
#pragma once

#include <optional>
#include <string>

#include "broker/base/time.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::core {

enum class KeyState { kInForce, kRevoked, kExpired };
KeyState key_state(const v1::PrincipalRow& key, Time now);
inline bool in_force(const v1::PrincipalRow& key, Time now) {
  return key_state(key, now) == KeyState::kInForce;
}
// From then on it is not taken; nothing: it states no last day. Revoked or not.
std::optional<Time> key_end(const v1::PrincipalRow& key);
// For whoever holds the key: that it is not taken, and what to do.
std::string why_not_taken(const v1::PrincipalRow& key, Time now);

}  // namespace switchboard::core
