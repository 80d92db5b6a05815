// A lost tail (DESIGN §9): how the hub learns of it, and what holds until it has it back.
//
// A partner shows a promise that is not of this store's history (witness.h): the loss is recorded,
// positions go on past everything that was promised, ticks are held while known clients resend. The
// hub stays open. Thread: the loop.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "broker/core/turn.h"
#include "broker/core/witness.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

class Recovery {
 public:
  // What the store says; a recovery that was under way goes on.
  Status load(const kv::Reads& reads);
  // This tail was shown before, as far as this promise goes.
  bool known(const v1::Promise& promise) const;
  // As the first thing of a turn. Further witnesses of the same tail only widen it.
  void begin(Turn& turn, const Judged& judged, const v1::Promise& promise,
             const std::string& witness);
  // All that this client held when its session opened has been answered: when all known ones have
  // said so since this process began, the hold ends.
  void resent(const std::string& principal) { resent_.insert(principal); }
  // A key that has expired cannot speak, as one that is revoked: waiting for it would hold back
  // deadlines for nothing. Once it is taken again it resends like any client that was away.
  bool everyone_resent(const Directory& directory, Time now) const;
  void release(Turn& turn, const std::string& by);

  bool recovering() const { return current_ && current_->recovering(); }
  const std::optional<v1::LossRecord>& current() const { return current_; }
  size_t losses() const { return losses_; }

 private:
  std::map<uint64_t, uint64_t> lost_;  // epoch -> highest position of it that was promised and lost
  std::optional<v1::LossRecord> current_;
  size_t losses_ = 0;
  std::set<std::string> resent_;
};

}  // namespace switchboard::core
