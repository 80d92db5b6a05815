#include "services/gateway/lockout.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace switchboard::gateway {
namespace {

constexpr const char* kPersonPrefix = "gateway/failed/person/";
constexpr const char* kNetworkPrefix = "gateway/failed/network/";

void keep(kv::Batch& batch, const char* prefix, const std::string& key,
          const v1::GatewayFailures& row) {
  batch.put(kv::Family::kMeta, prefix + key, row.SerializeAsString());
}
void drop(kv::Batch& batch, const char* prefix, const std::string& key) {
  batch.erase(kv::Family::kMeta, prefix + key);
}

Status load_rows(const kv::Reads& from, const std::string& prefix,
                 std::map<std::string, v1::GatewayFailures, std::less<>>& into) {
  const auto scan = from.scan(kv::Family::kMeta, prefix, kv::prefix_end(prefix));
  for (; scan->valid(); scan->next()) {
    v1::GatewayFailures row;
    if (!row.ParseFromArray(scan->value().data(), static_cast<int>(scan->value().size()))) {
      return error(v1::CODE_INTERNAL, "a row of failed sign-ins cannot be read");
    }
    into.emplace(scan->key().substr(prefix.size()), std::move(row));
  }
  return scan->status();
}

Duration lock_of(uint32_t locks) {
  Duration lock = Lockout::kFirstLock;
  for (uint32_t i = 1; i < locks && lock < Lockout::kLongestLock; ++i) lock.us *= 2;
  return std::min(lock, Lockout::kLongestLock);
}

}  // namespace

std::string network_of(std::string_view address) {
  const std::string text(address.substr(0, 64));
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) {
    return inet_ntop(AF_INET, bytes.data() + kMapped.size(), out.data(), out.size());
  }
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return std::string(inet_ntop(AF_INET6, bytes.data(), out.data(), out.size())) + "/64";
}

Result<Lockout> Lockout::load(const kv::Reads& rows) {
  Lockout lockout;
  TRY_DO(load_rows(rows, kPersonPrefix, lockout.people_));
  TRY_DO(load_rows(rows, kNetworkPrefix, lockout.networks_));
  return lockout;
}

bool Lockout::locked(std::string_view person, Time now) const {
  const auto at = people_.find(person);
  return at != people_.end() && now.us < at->second.locked_until_us();
}

Duration Lockout::wait(std::string_view network, Time now) const {
  const auto at = networks_.find(network);
  if (at == networks_.end()) return {};
  const auto& times = at->second.at_us();
  if (times.size() < kNetworkFailuresMax) return {};
  const Time free = Time{times[times.size() - kNetworkFailuresMax]} + kNetworkWithin;
  return now < free ? free - now : Duration{};
}

bool Lockout::attempt(const Who& who, std::string_view network, Time now, kv::Batch& rows) {
  network_attempt(network, now, rows);
  // While it is locked nothing more is counted: who guesses does not keep the person out for ever.
  return !who.person.empty() && !locked(who.person, now) && person_attempt(who, now, rows);
}

bool Lockout::person_attempt(const Who& who, Time now, kv::Batch& rows) {
  if (!people_.contains(who.person)) make_room(people_, kPeopleMax, now, kPersonPrefix, rows);
  auto& [id, row] = *people_.try_emplace(std::string(who.person)).first;
  if (now - Time{std::max(row.last_us(), row.locked_until_us())} >= kForgottenAfter) row.Clear();
  row.set_failures(row.failures() + 1);
  row.set_last_us(now.us);
  row.set_password_set_us(who.password_set.us);
  const bool locks = row.failures() >= kFailuresMax;
  if (locks) {
    row.set_failures(0);
    row.set_locks(row.locks() + 1);
    row.set_locked_until_us((now + lock_of(row.locks())).us);
  }
  keep(rows, kPersonPrefix, id, row);
  return locks;
}

void Lockout::network_attempt(std::string_view network, Time now, kv::Batch& rows) {
  if (!networks_.contains(network)) make_room(networks_, kNetworksMax, now, kNetworkPrefix, rows);
  auto& [id, row] = *networks_.try_emplace(std::string(network)).first;
  row.set_last_us(now.us);
  row.add_at_us(now.us);
  const int over = row.at_us_size() - kNetworkFailuresMax;
  if (over > 0) row.mutable_at_us()->erase(row.at_us().begin(), row.at_us().begin() + over);
  keep(rows, kNetworkPrefix, id, row);
}

void Lockout::succeeded(std::string_view person, std::string_view network, kv::Batch& rows) {
  if (const auto at = people_.find(person); at != people_.end()) {
    drop(rows, kPersonPrefix, at->first);
    people_.erase(at);
  }
  const auto at = networks_.find(network);
  if (at == networks_.end() || at->second.at_us().empty()) return;
  at->second.mutable_at_us()->RemoveLast();
  if (at->second.at_us().empty()) {
    drop(rows, kNetworkPrefix, at->first);
    networks_.erase(at);
  } else {
    keep(rows, kNetworkPrefix, at->first, at->second);
  }
}

void Lockout::password_set(const Who& who, kv::Batch& rows) {
  const auto row = people_.find(who.person);
  if (row == people_.end() || row->second.password_set_us() == who.password_set.us) return;
  drop(rows, kPersonPrefix, row->first);
  people_.erase(row);
}

void Lockout::make_room(Rows& rows, size_t most, Time now, const char* prefix, kv::Batch& batch) {
  if (rows.size() < most) return;
  const auto quiet = std::min_element(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
    const bool a_locked = now.us < a.second.locked_until_us();
    const bool b_locked = now.us < b.second.locked_until_us();
    if (a_locked != b_locked) return b_locked;
    return a.second.last_us() < b.second.last_us();
  });
  drop(batch, prefix, quiet->first);
  rows.erase(quiet);
}

}  // namespace switchboard::gateway
