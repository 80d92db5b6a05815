// A lost tail (DESIGN §9): how the hub learns of it, and what holds until it has it back.
//
// A partner shows a promise the hub no longer stands at: a new epoch begins past everything that
// was promised, the loss is recorded, ticks are held while known clients resend. The hub stays
// open. Thread: the loop.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broker/core/turn.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

enum class Witness {
  kAgrees,  // we stand at or past what it was promised
  kForged,  // the MAC is not ours: ignored, alarmed
  kLost,    // it was promised what we do not have
  kForked,  // we have that position with another chain: it was promised another history
};
// Judges a promise against the chain; reads at most one block.
Result<Witness> judge(const store::Reads& reads, const Secrets& secrets, const Head& head,
                      const v1::Promise& promise);

class Recovery {
 public:
  // What the store says; a recovery that was under way goes on.
  Status load(const store::Reads& reads);
  struct Loss {
    Witness seen = Witness::kLost;
    uint64_t through = 0;  // the furthest position that was promised
    uint64_t epoch = 0;    // of that promise
    std::string witness;   // principal
    // Where the journal stood when this process opened the store: what it has committed since is
    // not what the lost tail held, so the loss began there, not at today's head.
    Head at_open;
    // Heads of the logs when this process opened the store, by packed log id. What this process has
    // appended since is not in common with readers of the lost tail.
    std::map<uint32_t, uint64_t> heads_at_open;
  };
  // Starts an epoch past what was promised; a second witness of the same loss only widens it. Of
  // another history nothing is known to be in common: everything is asked for again.
  void begin(Turn& turn, const Head& head, const Loss& loss);
  // A client has connected and so resends: when all known ones have, the hold ends.
  void reported(const std::string& principal) { reported_.insert(principal); }
  bool everyone_reported(const Directory& directory) const;
  void release(Turn& turn, const std::string& by);

  // Since when a client with this highest promise must send again what it handed over; 0 = only
  // what is unconfirmed. Not only while recovering: a client that was away through the whole hold
  // still has what the hub lost (P1).
  int64_t resend_from_us(const v1::Promise& highest) const;
  // The last number of the log that a reader of `epoch` and the hub have in common; `through` if
  // nothing was lost since (P5: a number of a lost tail and its successor are not the same entry).
  uint64_t in_common(uint64_t epoch, store::LogId log, uint64_t through) const;

  bool recovering() const { return current_ && current_->recovering(); }
  const std::optional<v1::LossRecord>& current() const { return current_; }
  bool ever() const { return current_.has_value(); }
  size_t losses() const { return losses_.size(); }

 private:
  std::vector<v1::LossRecord> losses_;  // oldest first
  std::optional<v1::LossRecord> current_;
  std::set<std::string> reported_;
};

}  // namespace switchboard::core
