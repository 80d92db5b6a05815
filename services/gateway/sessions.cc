#include "services/gateway/sessions.h"

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/base/hash.h"
#include "broker/base/seal.h"

namespace switchboard::gateway {
namespace {

constexpr std::string_view kPrefix = "gateway/session/";

std::string row_key(std::string_view key) { return std::string(kPrefix).append(key); }

}  // namespace

Result<Sessions> Sessions::open(kv::Kv& kv, const Limits& limits, Time now) {
  Sessions sessions(kv, limits);
  TRY_DO(sessions.load(now));
  return sessions;
}

Status Sessions::load(Time now) {
  kv::Batch ended;
  const auto scan = kv_.scan(kv::Family::kMeta, kPrefix, kv::prefix_end(kPrefix.data()));
  for (; scan->valid(); scan->next()) {
    v1::GatewaySession row;
    const std::string_view value = scan->value();
    const bool whole = row.ParseFromArray(value.data(), static_cast<int>(value.size()));
    if (!whole || now >= ends(row)) {
      ended.erase(kv::Family::kMeta, scan->key());
      continue;
    }
    const std::string key(scan->key().substr(kPrefix.size()));
    written_us_[key] = row.last_use_us();
    sessions_.emplace(key, std::move(row));
  }
  TRY_DO(scan->status());
  return ended.empty() ? ok() : kv_.write_synced(ended);
}

Sessions::Fresh Sessions::fresh_token() {
  Fresh fresh{.token = to_hex(os_random(kTokenBytes))};
  fresh.key = key_of(fresh.token);
  return fresh;
}

std::string Sessions::key_of(std::string_view token) {
  if (token.size() != 2 * kTokenBytes) return {};
  const auto bytes = from_hex(token);
  return bytes ? std::string(view(hash(*bytes))) : std::string();
}

std::string Sessions::csrf(std::string_view token) {
  const auto bytes = from_hex(token);
  if (!bytes || bytes->size() != kTokenBytes) return {};
  return to_hex(view(keyed_hash(to_hash(*bytes), "csrf")));
}

Time Sessions::ends(const v1::GatewaySession& session) const {
  return Time{session.signed_in_us()} + limits_.longest;
}

// By hash: how long the search takes says nothing about a token.
Sessions::Rows::iterator Sessions::at(std::string_view token) {
  const std::string key = key_of(token);
  return key.empty() ? sessions_.end() : sessions_.find(key);
}

Result<std::string> Sessions::begin(v1::GatewaySession session, Time now) {
  session.set_signed_in_us(now.us);
  session.set_last_use_us(now.us);
  session.set_locked(false);
  kv::Batch rows;
  make_room(session.person(), now, rows);
  Fresh fresh = fresh_token();
  rows.put(kv::Family::kMeta, row_key(fresh.key), session.SerializeAsString());
  TRY_DO(kv_.write_synced(rows));
  written_us_[fresh.key] = now.us;
  sessions_.emplace(std::move(fresh.key), std::move(session));
  return fresh.token;
}

const v1::GatewaySession* Sessions::find(std::string_view token, Time now) {
  const auto found = at(token);
  if (found == sessions_.end()) return nullptr;
  v1::GatewaySession& session = found->second;
  // Its row goes when somebody signs in, or at the next start, which finds the same.
  if (now >= ends(session)) return nullptr;
  if (now - Time{session.last_use_us()} >= limits_.lock_after) session.set_locked(true);
  return &session;
}

Status Sessions::touch(std::string_view token, Time now) {
  const auto found = at(token);
  if (found == sessions_.end() || found->second.locked()) return ok();
  v1::GatewaySession& session = found->second;
  session.set_last_use_us(now.us);
  int64_t& written = written_us_[found->first];
  if (now.us - written < kWriteEvery.us) return ok();
  written = now.us;
  kv::Batch rows;
  rows.put(kv::Family::kMeta, row_key(found->first), session.SerializeAsString());
  return kv_.write(rows);
}

Status Sessions::lock(std::string_view token) {
  const auto found = at(token);
  if (found == sessions_.end()) return ok();
  found->second.set_locked(true);
  kv::Batch rows;
  rows.put(kv::Family::kMeta, row_key(found->first), found->second.SerializeAsString());
  return kv_.write_synced(rows);
}

Result<std::string> Sessions::unlock(std::string_view token, Time now) {
  const auto found = at(token);
  if (found == sessions_.end()) return error(v1::CODE_NOT_FOUND, "nobody is signed in here");
  v1::GatewaySession session = found->second;
  session.set_locked(false);
  session.set_last_use_us(now.us);
  kv::Batch rows;
  erase(found, rows);
  Fresh fresh = fresh_token();
  rows.put(kv::Family::kMeta, row_key(fresh.key), session.SerializeAsString());
  TRY_DO(kv_.write_synced(rows));
  written_us_[fresh.key] = now.us;
  sessions_.emplace(std::move(fresh.key), std::move(session));
  return fresh.token;
}

Status Sessions::end(std::string_view token) {
  const auto found = at(token);
  if (found == sessions_.end()) return ok();
  kv::Batch rows;
  erase(found, rows);
  return kv_.write_synced(rows);
}

Status Sessions::end_all(std::string_view person) {
  kv::Batch rows;
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    const auto one = at++;
    if (one->second.person() == person) erase(one, rows);
  }
  return rows.empty() ? ok() : kv_.write_synced(rows);
}

void Sessions::erase(Rows::iterator at, kv::Batch& rows) {
  rows.erase(kv::Family::kMeta, row_key(at->first));
  written_us_.erase(at->first);
  sessions_.erase(at);
}

// The first one in this order, of one person or (empty) of all; there is one.
Sessions::Rows::iterator Sessions::first(std::string_view person, const Before& before) {
  auto best = sessions_.end();
  for (auto at = sessions_.begin(); at != sessions_.end(); ++at) {
    if (!person.empty() && at->second.person() != person) continue;
    if (best == sessions_.end() || before(at->second, best->second)) best = at;
  }
  return best;
}

void Sessions::make_room(const std::string& person, Time now, kv::Batch& rows) {
  size_t own = 0;
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    const auto one = at++;
    if (now >= ends(one->second)) {
      erase(one, rows);
    } else if (one->second.person() == person) {
      ++own;
    }
  }
  if (own >= limits_.per_person) {
    erase(first(person,
                [](const auto& a, const auto& b) { return a.signed_in_us() < b.signed_in_us(); }),
          rows);
  }
  if (sessions_.size() >= limits_.overall) {
    erase(first({}, [](const auto& a, const auto& b) { return a.last_use_us() < b.last_use_us(); }),
          rows);
  }
}

}  // namespace switchboard::gateway
