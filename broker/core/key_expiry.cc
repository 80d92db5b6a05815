#include "broker/core/key_expiry.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/in_force.h"
#include "broker/store/rows.h"

namespace switchboard::core {
namespace {

constexpr Time kNoEnd{INT64_MAX};

Time end_of(const v1::PrincipalRow& key) { return key_end(key).value_or(kNoEnd); }

// From this moment on an end is near.
Time notice_from(Time end) {
  return end - seconds(int64_t{limits::kKeyExpiryNoticeDays} * 24 * 3600);
}

bool administers(const v1::PrincipalRow& key) {
  return std::find(key.roles().begin(), key.roles().end(), v1::ROLE_ADMINISTRATOR) !=
         key.roles().end();
}

// A key that got a later last day and expires again is told of again.
Id expiry_id(const v1::PrincipalRow& key) {
  return make_id({0}, Hasher()
                          .add("switchboard key expired 1")
                          .add(key.id())
                          .add(key.public_key())
                          .add(key.expires())
                          .finish());
}

}  // namespace

std::vector<v1::ExpiringKey> expiring_keys(const Directory& directory, Time now) {
  std::vector<v1::ExpiringKey> keys;
  for (const auto& [id, who] : directory.principals()) {
    const auto end = key_end(who.row);
    if (!end || now < notice_from(*end)) continue;
    const auto state = key_state(who.row, now);
    if (state == KeyState::kRevoked) continue;
    v1::ExpiringKey& key = keys.emplace_back();
    key.set_principal(id);
    key.set_expires(who.row.expires());
    key.set_expired(state == KeyState::kExpired);
  }
  std::stable_sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) {
    return a.expires() < b.expires();  // ISO dates
  });
  return keys;
}

std::optional<Time> next_key_end(const Directory& directory, Time now) {
  Time next = kNoEnd;
  for (const auto& [id, who] : directory.principals()) {
    if (in_force(who.row, now)) next = std::min(next, end_of(who.row));
  }
  return next == kNoEnd ? std::nullopt : std::optional(next);
}

std::string lock_out(const Directory& directory, Time now) {
  const v1::PrincipalRow* last = nullptr;  // of those that are in force
  bool any = false;
  for (const auto& [id, who] : directory.principals()) {
    if (!administers(who.row)) continue;
    any = true;
    if (!in_force(who.row, now)) continue;
    if (last == nullptr || end_of(who.row) > end_of(*last)) last = &who.row;
  }
  if (!any) return {};  // a new hub
  const std::string todo = ": see the runbook keys";
  if (last == nullptr) return "no administrator's key is in force any more" + todo;
  if (end_of(*last) == kNoEnd || now < notice_from(end_of(*last))) return {};
  return "the last administrator's key in force (" + last->id() + ") is not taken after " +
         last->expires() + todo;
}

std::vector<std::string> record_expired(Turn& turn) {
  std::vector<std::string> recorded;
  for (const auto& [id, who] : turn.directory.principals()) {
    if (key_state(who.row, turn.now) != KeyState::kExpired) continue;
    if (recorded.size() == limits::kTicksPerTurnMax) break;
    const Id expiry = expiry_id(who.row);
    if (store::escalated(turn.journal, expiry)) continue;
    v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_DIRECTORY);
    entry.set_principal(id);
    entry.set_text("principal " + id + ": its key has expired, its last day was " +
                   who.row.expires());
    store::write_escalated(turn.journal, expiry, entry.position());
    recorded.push_back(id);
  }
  return recorded;
}

}  // namespace switchboard::core
