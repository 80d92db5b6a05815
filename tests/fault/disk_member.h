// A client on a disk that fails: a publisher with its outbox, or a team's desk with its store.
//
// Owns: its ground and the SDK's own parts over it. A call that fails is final: stop(), then
// start() again, as a process that ends and is started by its supervisor. Thread: the run's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/sdk/conversation.h"
#include "tests/fault/disk_hub.h"

namespace switchboard::fault {

class DiskMember {
 public:
  struct Options {
    std::string principal;
    std::string team;  // empty: a publisher
    std::string endpoint = "desk";
    uint64_t seed = 1;
  };
  DiskMember(std::unique_ptr<Ground> ground, Options options);

  Status start();
  void stop();
  bool up() const { return parts_ != nullptr; }
  void disconnect();

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

  bool publisher() const { return options_.team.empty(); }
  const Options& options() const { return options_; }
  Ground& ground() { return *ground_; }
  bool idle() const;
  uint64_t through() const { return parts_->store ? parts_->store->through() : 0; }
  // What the desk holds: by number, of each the copy of the newest epoch.
  Result<std::vector<v1::Entry>> log() const;
  // Items that the outbox itself says it cannot open, or that the hub refused.
  size_t refused() const;
  std::optional<std::string> alarm() const;

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
  Status open(Parts& parts);

  std::unique_ptr<Ground> ground_;
  Options options_;
  std::unique_ptr<Parts> parts_;
  uint64_t connection_ = 0;
  uint64_t starts_ = 0;
  bool connected_ = false;
  std::vector<std::string> told_;
};

}  // namespace switchboard::fault
