// The entries of one turn and their positions (P10): every state change takes the next journal
// position and leaves an entry in the same commit. finish() makes the block and the new head.
// Thread: the loop.
#pragma once

#include <string>
#include <string_view>

#include "broker/base/hash.h"
#include "broker/base/time.h"
#include "broker/store/journal.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

// Where the journal stands: what the last commit left.
struct Head {
  uint64_t epoch = 0;
  uint64_t position = 0;
  Hash chain{};
  Time time;
  uint64_t events = 0;  // accepted since the beginning, for the ledger
  uint64_t quarantined = 0;
  uint64_t openings = 0;  // times the store was opened
};

class Audit {
 public:
  void begin(const Head& head, Time now);
  // Takes the next position; fill in the rest of the entry before the turn ends.
  v1::AuditEntry& next(v1::AuditKind kind);
  uint64_t position() const { return position_; }
  bool empty() const { return block_.entries_size() == 0; }
  // Writes the block and the head; returns the new head. CHECKs that there is an entry.
  Head finish(store::Journal& journal);
  // A new epoch begins with this turn's block. Only as the first thing of a turn: the block must
  // not hold entries of two epochs.
  void begin_epoch(uint64_t epoch);
  // Positions go on after `used_through`, if that is past them. Only as the first thing, too.
  void skip_through(uint64_t used_through);
  uint64_t epoch() const { return epoch_; }

 private:
  v1::AuditBlock block_;
  Hash previous_{};
  uint64_t epoch_ = 0;
  uint64_t first_ = 0;
  uint64_t position_ = 0;
  uint64_t events_ = 0;
  uint64_t quarantined_ = 0;
  uint64_t openings_ = 0;
  Time now_;
};

}  // namespace switchboard::core
