// Keys whose last day is near or past: who must be told, and that an end is recorded.
//
// That an expired key is not taken is in_force.h's and needs nothing of this: it holds on a hub
// that cannot write, too. Thread: any, but for record_expired: the loop.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/core/turn.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::core {

// Not revoked, and past their last day or within limits::kKeyExpiryNoticeDays of it; the first to
// end comes first.
std::vector<v1::ExpiringKey> expiring_keys(const Directory& directory, Time now);
// When the next key of those that are in force ends.
std::optional<Time> next_key_end(const Directory& directory, Time now);
// Empty, or in words: no administrator's key will be in force any more from some day near, or none
// is now.
std::string lock_out(const Directory& directory, Time now);
// One audit entry for each key that has expired, once for ever for each last day, also across
// restarts; at most limits::kTicksPerTurnMax in a turn. Their principals.
std::vector<std::string> record_expired(Turn& turn);

}  // namespace switchboard::core
