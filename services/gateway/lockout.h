// How often somebody may be wrong before they wait: by person and by network.
//
// Owns what has failed lately, in bounded maps (P11), and says which rows to keep, so that a
// restart helps nobody who guesses. An attempt counts as failed from its beginning, until it has
// succeeded: many at once do not get more tries. Pure: time is an argument. Thread: one. Fails:
// load only.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "broker/base/time.h"
#include "broker/kv/kv.h"
#include "switchboard/v1/gateway_state.pb.h"

namespace switchboard::gateway {

// What counts as one place: an IPv4 address, or the first 64 bits of an IPv6 one, as a household or
// a virtual machine has the rest to itself.
std::string network_of(std::string_view address);

class Lockout {
 public:
  static constexpr uint32_t kFailuresMax = 5;
  static constexpr Duration kFirstLock = seconds(15 * 60);
  static constexpr Duration kLongestLock = seconds(4 * 3600);
  static constexpr Duration kForgottenAfter = seconds(24 * 3600);  // the doubling begins anew
  static constexpr int kNetworkFailuresMax = 30;
  static constexpr Duration kNetworkWithin = seconds(15 * 60);
  static constexpr size_t kPeopleMax = 4096;
  static constexpr size_t kNetworksMax = 4096;

  static Result<Lockout> load(const kv::Reads& rows);

  bool locked(std::string_view person, Time now) const;
  // How long this network waits; 0: not at all.
  Duration wait(std::string_view network, Time now) const;
  // Whom a try is about: an id, empty where nobody has it (not kept), and when their password was
  // set.
  struct Who {
    std::string_view person;
    Time password_set;
  };
  // One try begins. True: this one locks the person, if it fails.
  bool attempt(const Who& who, std::string_view network, Time now, kv::Batch& rows);
  void succeeded(std::string_view person, std::string_view network, kv::Batch& rows);
  // If somebody gave this person a new password, what failed before no longer counts. Not by
  // comparing with the time of failures: a clock that was wrong would end every lock.
  void password_set(const Who& who, kv::Batch& rows);

  size_t people() const { return people_.size(); }
  size_t networks() const { return networks_.size(); }

 private:
  using Rows = std::map<std::string, v1::GatewayFailures, std::less<>>;
  // Makes room by forgetting whoever has been quiet longest, the locked ones last.
  static void make_room(Rows& rows, size_t most, Time now, const char* prefix, kv::Batch& batch);
  bool person_attempt(const Who& who, Time now, kv::Batch& rows);
  void network_attempt(std::string_view network, Time now, kv::Batch& rows);

  Rows people_;
  Rows networks_;
};

}  // namespace switchboard::gateway
