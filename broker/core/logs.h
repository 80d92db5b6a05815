// Numbering of every team's two logs (P5): entries get 1, 2, 3 … and no number is used twice.
//
// Owns: heads, and how much waits for a person in each (open_counts.h). Heads are read once and
// kept; a turn's appends count at once. The first number of each epoch is written down: where a log
// stood when an epoch began is how readers of an older one are told apart. Thread: the loop.
#pragma once

#include <cstdint>
#include <map>

#include "broker/core/open_counts.h"
#include "broker/store/entry.h"
#include "broker/store/journal.h"
#include "broker/store/keys.h"

namespace switchboard::core {

class Logs {
 public:
  // What is appended from now on belongs to this epoch.
  void begin_epoch(store::Journal& journal, uint64_t epoch);
  // Last number of the log; 0 = empty.
  uint64_t head(store::Journal& journal, store::LogId log);
  // Writes the entry under the next number, and returns it.
  uint64_t append(store::Journal& journal, store::LogId log, const store::LogEntry& entry);
  // Numbers up to `through` that a lost tail took get placeholders, so that a gap always means
  // loss. Returns how many.
  uint64_t fill(store::Journal& journal, store::LogId log, uint64_t through, uint64_t position);
  OpenCounts& open_counts() { return open_counts_; }

 private:
  struct At {
    uint64_t head = 0;
    bool marked = false;  // its first number of this epoch is written
  };
  At& at(store::Journal& journal, store::LogId log);
  std::map<store::LogId, At> logs_;
  uint64_t epoch_ = 0;
  OpenCounts open_counts_;
};

}  // namespace switchboard::core
