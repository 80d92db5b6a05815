// The driver's publisher: one outbox, a window of unconfirmed events, frames of up to `pack`.
// Thread: one.
#pragma once

#include <deque>
#include <string>

#include "tests/bench/endpoint.h"
#include "tests/bench/meter.h"
#include "tests/bench/socket.h"
#include "tests/bench/workload.h"

namespace switchboard::bench {

class Publisher {
 public:
  struct Options {
    uint64_t events = 0;
    uint64_t window = 256;
    uint64_t pack = 32;
    std::string secret_file;
  };
  Publisher(const Context& context, const Hub& hub, const Options& options, Workload& workload);
  void hello();
  // Returns when all are confirmed.
  void publish(SendTimes& sent);
  Latencies& latencies() { return latencies_; }

 private:
  void send_frame(uint64_t first, uint64_t count, SendTimes& sent);
  // Waits for one Accepted; the sequence everything is confirmed through.
  uint64_t confirmed_through();
  Socket socket_;
  Options options_;
  Workload& workload_;
  std::string outbox_;
  Latencies latencies_;
  Message message_;
  std::string body_, frame_;
};

}  // namespace switchboard::bench
