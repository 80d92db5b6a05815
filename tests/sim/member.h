// A client of the hub: an adapter with its outbox, or a team's desk with its store and people.
//
// The SDK's own parts over a disk in memory, so that what is simulated is what runs. A crash keeps
// any front part of what was not synced, and the machine's clock is believed anew. Times are
// the world's. Thread: the run's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/kv/mem_kv.h"
#include "tests/sim/machine_clock.h"
#include "tests/sim/network.h"
#include "tests/support/client.h"

namespace switchboard::sim {

class Member {
 public:
  // Without a team it is an adapter.
  using Options = support::Client::Options;
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
  void disconnect() { client_.disconnect(); }

  MachineClock& clock() { return clock_; }
  bool adapter() const { return client_.options().team.empty(); }
  const Options& options() const { return client_.options(); }
  uint64_t connection() const { return client_.connection(); }
  uint64_t through() const { return parts().store ? parts().store->through() : 0; }
  bool idle() const { return parts().publisher->idle() && parts().acts->idle(); }
  const sdk::EndpointStore* store() const { return parts().store ? &*parts().store : nullptr; }
  const sdk::Outbox& outbox() const { return *parts().outbox; }
  const v1::Promise& highest() const { return parts().promises->highest(); }
  std::optional<std::string> alarm() const { return client_.alarm(); }
  // What the hub refused last without ending the session; empty: nothing.
  const std::string& refusal() const { return refusal_; }

 private:
  support::Client::Parts& parts() { return client_.parts(); }
  const support::Client::Parts& parts() const { return client_.parts(); }
  void start();
  Time here(Time world) { return clock_.read(world).now; }
  kv::MemKv disk_;
  MachineClock clock_{{}};
  support::Client client_;
  std::string refusal_;
};

}  // namespace switchboard::sim
