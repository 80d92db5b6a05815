// A team's endpoint of the driver: attaches, takes every delivery, returns receipts, and at the end
// asks with a Ping whether the hub has taken the last one.
// Thread: one per endpoint.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/meter.h"
#include "tests/bench/socket.h"

namespace switchboard::bench {

// How the driver's clients reach the hub.
struct Hub {
  std::string endpoint;
  std::string public_key;  // empty: CURVE off
};

// When event k was handed to the socket, by the publisher; read by endpoints.
using SendTimes = std::vector<std::atomic<uint64_t>>;

class Endpoint {
 public:
  struct Options {
    std::string team;
    std::string secret_file;
    uint32_t credit_items = 1024;
    uint64_t events = 0;
    uint64_t through = 0;
  };
  Endpoint(const Context& context, const Hub& hub, const Options& options);
  // Hello and Attach, each answered.
  void attach();
  // Until `events` have come and their receipt is taken. Without `sent`: no latencies.
  void read(const SendTimes* sent);
  Latencies& latencies() { return latencies_; }

 private:
  uint64_t take(std::string_view frame, const SendTimes* sent);
  void send_received();
  void fence();
  Socket socket_;
  Options options_;
  uint64_t first_ = 1;  // number of the first event of this case
  uint64_t through_ = 0;
  uint64_t told_ = 0;
  Latencies latencies_;
  Message message_;
};

}  // namespace switchboard::bench
