// A lost tail (DESIGN §9): how the hub learns of it, and what holds until it has it back.
//
// A partner shows a promise the hub no longer stands at: a new epoch begins past everything that
// was promised, the loss is recorded, ticks are held while known clients resend. The hub stays
// open. Thread: the loop.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "broker/core/turn.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

enum class Witness {
  kAgrees,  // we stand at or past what it was promised
  kForged,  // the MAC is not ours: ignored, alarmed
  kLost,    // it was promised what we do not have
  kForked,  // we have that position with another chain: the chain itself failed
};
// Judges a promise against the chain; reads at most one block.
Result<Witness> judge(const store::Reads& reads, const Secrets& secrets, const Head& head,
                      const v1::Promise& promise);

class Recovery {
 public:
  // What the store says; a recovery that was under way goes on.
  Status load(const store::Reads& reads);
  // Starts an epoch past `lost_through`; a second witness of the same loss only widens it.
  void begin(Turn& turn, const Head& head, uint64_t lost_through, uint64_t witnessed_epoch,
             const std::string& witness);
  // A client has connected and so resends: when all known ones have, the hold ends.
  void reported(const std::string& principal) { reported_.insert(principal); }
  bool everyone_reported(const Directory& directory) const;
  void release(Turn& turn, const std::string& by);

  bool recovering() const { return current_ && current_->recovering(); }
  const std::optional<v1::LossRecord>& current() const { return current_; }
  bool ever() const { return current_.has_value(); }

 private:
  std::optional<v1::LossRecord> current_;
  std::set<std::string> reported_;
};

}  // namespace switchboard::core
