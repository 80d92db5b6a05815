// Who is signed in, by the token in the browser's cookie.
//
// Owns the sessions, kept in a Kv so that a restart signs nobody out. A row is under the hash of
// its token and holds no secret; the CSRF token is derived from the token and stored nowhere. Each
// sign-in and each unlocking has a new token. Bounded (P11): of one person the oldest ends, of all
// the one that was idle longest. A session ends at `longest` after the sign-in, whatever happens,
// and locks `lock_after` the last activity: only touch() is one. Sign-in, sign-out and lock are
// synced; the time of the last use is written at most once a minute and may be lost.
// Thread: one. Fails: as the Kv does, and that is final (kv.h).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "broker/base/time.h"
#include "broker/kv/kv.h"
#include "switchboard/v1/gateway_state.pb.h"

namespace switchboard::gateway {

class Sessions {
 public:
  struct Limits {
    Duration longest = seconds(12 * 3600);
    Duration lock_after = seconds(15 * 60);
    size_t per_person = 8;
    size_t overall = 4096;
  };
  static constexpr Duration kWriteEvery = seconds(60);
  static constexpr size_t kTokenBytes = 32;

  static Result<Sessions> open(kv::Kv& kv, const Limits& limits, Time now);

  // The token for the cookie, 64 hex digits; `session` without times.
  Result<std::string> begin(v1::GatewaySession session, Time now);
  // The session as it is now, locked if it has been idle; null: none, forged, or it has ended.
  // Valid until the next call that is not const.
  const v1::GatewaySession* find(std::string_view token, Time now);
  // A person did something. Not for what a page asks by itself.
  Status touch(std::string_view token, Time now);
  Status lock(std::string_view token);
  // Unlocked, under a new token; it still ends when it would have ended.
  Result<std::string> unlock(std::string_view token, Time now);
  Status end(std::string_view token);
  Status end_all(std::string_view person);

  Time ends(const v1::GatewaySession& session) const;
  // Of a token, for the page: whoever has it could read an answer made with the cookie.
  static std::string csrf(std::string_view token);
  size_t size() const { return sessions_.size(); }

 private:
  using Rows = std::map<std::string, v1::GatewaySession, std::less<>>;  // by hash of the token
  struct Fresh {
    std::string token, key;
  };
  Sessions(kv::Kv& kv, const Limits& limits) : kv_(kv), limits_(limits) {}
  static Fresh fresh_token();
  static std::string key_of(std::string_view token);  // empty: not the form of one
  Rows::iterator at(std::string_view token);
  Status load(Time now);
  void make_room(const std::string& person, Time now, kv::Batch& rows);
  void erase(Rows::iterator at, kv::Batch& rows);
  using Before = std::function<bool(const v1::GatewaySession&, const v1::GatewaySession&)>;
  Rows::iterator first(std::string_view person, const Before& before);

  kv::Kv& kv_;
  Limits limits_;
  Rows sessions_;
  std::map<std::string, int64_t, std::less<>> written_us_;  // last_use_us on disk
};

}  // namespace switchboard::gateway
