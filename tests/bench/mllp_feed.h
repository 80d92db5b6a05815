// A trust's feed: synthetic messages over so many connections, each with one message in flight.
//
// Single-threaded. An answer that is no AA ends the bench: a figure of refusals is none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/meter.h"

namespace switchboard::bench {

// An admission of an invented child of a pool of kChildren; about 600 bytes, a number each.
std::string admission(uint64_t number);
// As above, of an adult: out of scope.
std::string adult_admission(uint64_t number);

class MllpFeed {
 public:
  MllpFeed(uint16_t port, size_t connections);
  ~MllpFeed();
  MllpFeed(const MllpFeed&) = delete;
  MllpFeed& operator=(const MllpFeed&) = delete;

  struct Spent {
    double seconds = 0;
    Latencies answers;  // from the first byte of a message to its AA
  };
  // Messages first, first + 1 … of `make`, each when the connection's last one was answered.
  Spent send(uint64_t first, uint64_t count, std::string (*make)(uint64_t));
  // One message over the first connection, and the wait for its answer.
  void start(uint64_t number, std::string (*make)(uint64_t)) { put(lines_[0], make(number)); }
  void finish();

 private:
  struct Line {
    int fd = -1;
    std::string got;
    uint64_t sent_ns = 0;
    bool busy = false;
  };
  void put(Line& line, const std::string& frame);
  bool answered(Line& line);
  std::vector<Line> lines_;
};

}  // namespace switchboard::bench
