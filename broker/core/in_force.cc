#include "broker/core/in_force.h"

#include "broker/base/london.h"

namespace switchboard::core {

std::optional<Time> key_end(const v1::PrincipalRow& key) {
  if (key.expires().empty()) return std::nullopt;
  const auto last = day_from_string(key.expires());
  return last ? london_midnight(*last + 1) : Time{};
}

KeyState key_state(const v1::PrincipalRow& key, Time now) {
  if (key.revoked()) return KeyState::kRevoked;
  const auto end = key_end(key);
  return end && now >= *end ? KeyState::kExpired : KeyState::kInForce;
}

std::string why_not_taken(const v1::PrincipalRow& key, Time now) {
  if (key_state(key, now) != KeyState::kExpired) return "this key is no longer enrolled";
  return "this key has expired, its last day was " + key.expires() +
         ": ask the hub's administrator for a later one or a new key";
}

}  // namespace switchboard::core
