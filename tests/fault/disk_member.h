// A client on a disk that fails: a publisher with its outbox, or a team's desk with its store.
//
// Owns: its ground and a client over it (support/client.h). A call that fails is final: stop(),
// then start() again, as a process that ends and is started by its supervisor. Thread: the run's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/fault/disk_hub.h"
#include "tests/support/client.h"

namespace switchboard::fault {

class DiskMember {
 public:
  using Options = support::Client::Options;
  DiskMember(std::unique_ptr<Ground> ground, Options options);

  Status start();
  void stop();
  bool up() const { return client_.up(); }
  void disconnect() { client_.disconnect(); }

  // Custody 1: durable when it returns without an error.
  Status publish(const v1::Item& item, Time now);
  Status send(std::vector<Packet>& out, Time now);
  Status hear(const Packet& packet, Time now);
  // What a person does; durable when it returns without an error, recorded when told() names it.
  Status act(const v1::Act& act, Time now);
  // Ids of acts that the hub said are recorded, since the last call.
  std::vector<std::string> told() { return std::exchange(told_, {}); }
  // What it stored is synced, and handed out.
  Status flush();

  bool publisher() const { return options().team.empty(); }
  const Options& options() const { return client_.options(); }
  Ground& ground() { return *ground_; }
  bool idle() const;
  uint64_t through() const { return parts().store ? parts().store->through() : 0; }
  // What the desk holds: by number, of each the copy of the newest epoch.
  Result<std::vector<v1::Entry>> log() const;
  // Items that the outbox itself says it cannot open, or that the hub refused.
  size_t refused() const;
  std::optional<std::string> alarm() const { return client_.alarm(); }

 private:
  support::Client::Parts& parts() { return client_.parts(); }
  const support::Client::Parts& parts() const { return client_.parts(); }
  Status open();

  std::unique_ptr<Ground> ground_;
  support::Client client_;
  std::vector<std::string> told_;
};

}  // namespace switchboard::fault
