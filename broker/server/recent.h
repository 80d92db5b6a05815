// The newest entries of each log, encoded, for endpoints that keep up: they are sent from memory.
//
// Bounded in bytes over all logs (limits::kRecentBytesMax); the oldest go first, and a reader that
// has fallen behind them is served from the store. Runs are contiguous per log. Thread: the loop.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "broker/store/keys.h"

namespace switchboard::server {

class Recent {
 public:
  explicit Recent(size_t bytes_max) : bytes_max_(bytes_max) {}
  // `number` after a gap starts the log's run anew.
  void add(store::LogId log, uint64_t number, std::string entry);
  // Null if it is not in memory.
  const std::string* find(store::LogId log, uint64_t number) const;
  // What may be shown has changed: nothing made before may be sent.
  void clear();
  size_t bytes() const { return bytes_; }

 private:
  struct Run {
    uint64_t first = 0;
    std::deque<std::string> entries;
  };
  void drop_oldest();
  void drop(Run& run);
  size_t bytes_max_;
  size_t bytes_ = 0;
  std::map<store::LogId, Run> runs_;
  std::deque<store::LogId> order_;  // one per entry, oldest first
};

}  // namespace switchboard::server
