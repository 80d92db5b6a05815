// One end-to-end case: from the first publish until the hub has taken the last receipt, with what
// the server used meanwhile. Prints one JSON line.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "tests/bench/meter.h"
#include "tests/support/arguments.h"

namespace switchboard::bench {

class Case {
 public:
  // Takes --mode, --teams, --window, --events, --pack, --pid.
  Case(support::Arguments& arguments, std::string name);

  const std::string& mode() const { return mode_; }
  int teams() const { return teams_; }
  uint64_t window() const { return window_; }
  uint64_t events() const { return events_; }
  uint64_t pack() const { return pack_; }  // events per frame, at most

  void start();
  void published() { published_ns_ = now_ns(); }
  void finished() { finished_ns_ = now_ns(); }
  void print(Latencies confirms, Latencies deliveries) const;

 private:
  std::string name_;
  std::string mode_;
  int teams_;
  uint64_t window_;
  uint64_t events_;
  uint64_t pack_;
  pid_t server_;
  double server_cpu_ = 0;
  double own_cpu_ = 0;
  double flushes_ = 0;
  uint64_t start_ns_ = 0;
  uint64_t published_ns_ = 0;
  uint64_t finished_ns_ = 0;
};

}  // namespace switchboard::bench
