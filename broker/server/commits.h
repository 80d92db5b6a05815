// Ends turns: one audit block, one batch, one sync, and only then what the turn promised (P1).
//
// Owns: the answers of a turn whose batch is on its way to the disk. A large turn of publishes with
// more behind it is brought there by the committer while the next turn is drained and applied; one
// batch at a time, so effects and batches keep their order. Where nothing is on its way, what is
// visible in the store is durable: only then are snapshots taken and pages sent.
// Thread: the loop. Fails: a failed write or sync, or a read that failed before it: send nothing,
// exit.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/core.h"
#include "broker/server/committer.h"
#include "broker/server/delivery.h"
#include "broker/server/gauges.h"
#include "broker/server/outgoing.h"

namespace switchboard::server {

class Commits {
 public:
  struct Parts {
    core::Core& core;
    store::Journal& journal;
    kv::Kv& kv;
    Delivery& delivery;
    Outgoing& outgoing;  // answers of the turn at hand
    wire::Router& clients;
    wire::Router& admins;
    Gauges& gauges;
    std::function<int64_t()> boot_us;
    // After each commit, before its answers: the directory may have changed.
    std::function<void()> committed;
    // Peers that are gone: their sessions end.
    std::function<void(const std::vector<std::string>&)> drop;
  };
  explicit Commits(Parts parts) : parts_(std::move(parts)), committer_(parts_.kv) {}

  enum class Disk { kNow, kBesideTheNextTurn };
  // Commits the turn and sends its answers; beside the next turn: later, by settle() or the next
  // commit. Call only if the core changed.
  Status commit(Time now, Disk disk);
  // Waits for the batch on its way, if there is one, and sends what it promised.
  Status settle();
  // The same if that needs no waiting.
  Status settle_if_done();
  // Answers of a turn that changed nothing: they may tell of what is on its way, so after it.
  Status send_answers();
  bool on_the_way() const { return committer_.busy(); }

 private:
  struct Turn {
    Outgoing answers;
    v1::Promise promise;
    uint64_t positions = 0;
    int64_t began_us = 0;
  };
  Status finish(Turn& turn, Time now);
  Status landed(const Status& synced);

  Parts parts_;
  Turn leaving_;
  std::optional<Error> failed_;  // for ever
  Committer committer_;
};

}  // namespace switchboard::server
