// A client of the hub: an adapter with its outbox, or a team's desk with its store and people.
//
// The SDK's own parts over a disk in memory, so that what is simulated is what runs. A crash keeps
// any front part of what was not synced, and the machine's clock is believed anew. Times are
// the world's. Thread: the run's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sdk/conversation.h"
#include "broker/kv/mem_kv.h"
#include "tests/sim/machine_clock.h"
#include "tests/sim/network.h"

namespace switchboard::sim {

class Member {
 public:
  struct Options {
    std::string principal;
    std::string team;  // empty: an adapter
    uint64_t seed = 1;
  };
  explicit Member(const Options& options);

  // Custody 1: durable when it returns.
  void publish(const v1::Item& item, Time world);
  void act(v1::Act act, Time world);
  // Opens a connection if it wants one, and sends what it may.
  void send(Network& network, Time world);
  void hear(const Packet& packet, Time world);
  // What the desk received since the last call, and did not park.
  void use_arrivals(const sdk::Endpoint::Use& use);
  std::vector<sdk::EndpointStore::Parked> parked() const;
  void release(uint64_t number);
  void flush();
  void crash(Random& random);
  // Connects anew, is greeted with this promise, and hangs up: did it open the session?
  bool believes(const v1::Promise& promise, Time world);
  void forget_promises();  // a planted bug
  void disconnect();

  MachineClock& clock() { return clock_; }
  bool adapter() const { return options_.team.empty(); }
  const Options& options() const { return options_; }
  uint64_t connection() const { return connection_; }
  uint64_t through() const { return parts_->store ? parts_->store->through() : 0; }
  bool idle() const { return parts_->publisher->idle() && parts_->acts->idle(); }
  const sdk::EndpointStore* store() const { return parts_->store ? &*parts_->store : nullptr; }
  const sdk::Outbox& outbox() const { return *parts_->outbox; }
  const v1::Promise& highest() const { return parts_->promises->highest(); }
  std::optional<std::string> alarm() const;
  // What the hub refused last without ending the session; empty: nothing.
  const std::string& refusal() const { return refusal_; }

 private:
  struct Parts {
    std::optional<Entropy> entropy;
    std::optional<sdk::Promises> promises;
    std::unique_ptr<sdk::Outbox> outbox, acts_outbox;
    std::optional<sdk::EndpointStore> store;
    std::optional<sdk::Session> session;
    std::optional<sdk::Publisher> publisher;
    std::optional<sdk::Acts> acts;
    std::optional<sdk::Endpoint> endpoint;
    std::optional<sdk::Conversation> conversation;
  };
  void start();
  Options options_;
  Time here(Time world) { return clock_.read(world).now; }
  kv::MemKv disk_;
  MachineClock clock_{{}};
  std::unique_ptr<Parts> parts_;
  uint64_t connection_ = 0;
  uint64_t starts_ = 0;
  bool connected_ = false;
  std::string refusal_;
};

}  // namespace switchboard::sim
