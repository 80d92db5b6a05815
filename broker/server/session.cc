#include "broker/server/session.h"

#include "broker/base/limits.h"

namespace switchboard::server {

Session* Sessions::open(const std::string& address, const std::string& public_key,
                        const std::string& principal, int64_t now_us) {
  if (by_address_.size() >= limits::kSessionsMax && !by_address_.contains(address)) return nullptr;
  Session& session = by_address_[address];
  session = {address, public_key, principal, now_us, {}};
  session.serial = ++opened_;
  return &session;
}

std::optional<std::string> Sessions::crowded_out(const std::string& public_key,
                                                 const std::string& address) const {
  if (public_key.empty() || by_address_.contains(address)) return std::nullopt;
  const Session* oldest = nullptr;
  size_t count = 0;
  for (const auto& [at, session] : by_address_) {
    if (session.public_key != public_key) continue;
    ++count;
    if (oldest == nullptr || session.last_seen_us < oldest->last_seen_us) oldest = &session;
  }
  if (count < limits::kConnectionsPerKeyMax) return std::nullopt;
  return oldest->address;
}

Session* Sessions::find(const std::string& address, const std::string& public_key) {
  const auto it = by_address_.find(address);
  if (it == by_address_.end()) return nullptr;
  if (it->second.public_key == public_key) return &it->second;
  by_address_.erase(it);
  return nullptr;
}

Session* Sessions::at(const std::string& address) {
  const auto it = by_address_.find(address);
  return it == by_address_.end() ? nullptr : &it->second;
}

void Sessions::close(const std::string& address) { by_address_.erase(address); }

std::vector<std::string> Sessions::expire(int64_t now_us, int64_t silent_us) {
  std::vector<std::string> gone;
  for (auto it = by_address_.begin(); it != by_address_.end();) {
    if (now_us - it->second.last_seen_us < silent_us) {
      ++it;
      continue;
    }
    gone.push_back(it->first);
    it = by_address_.erase(it);
  }
  return gone;
}

}  // namespace switchboard::server
