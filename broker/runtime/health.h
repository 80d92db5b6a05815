// A small HTTP responder for supervisors and Prometheus: /livez /readyz /metrics /version.
//
// Owns one thread, which never touches the owner's objects: the owner publishes what is true, the
// thread answers from the last published copy (one small mutex) and calls `metrics_text`, which
// must be safe on any thread (Metrics::text is). GET and HEAD only, one answer per connection,
// bounded connections, request size and time. Answers name no child, person or event.
// Thread: publish and alive from any. Fails: open, when the address is wrong or taken.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "broker/base/result.h"
#include "broker/base/time.h"

namespace switchboard {

class Health {
 public:
  struct Options {
    std::string listen;  // "127.0.0.1:9100", "[::1]:0", "localhost:0"; port 0 = any free one
    std::string program;
    std::string version;
    std::function<std::string()> metrics_text;
    // /livez fails when alive() was not called for so long; 0 = a running process is alive.
    Duration stall_after = seconds(0);
    size_t connections_max = 16;
    Duration timeout = seconds(5);  // for a whole request and its answer
  };

  static Result<std::unique_ptr<Health>> open(Options options);
  ~Health();
  Health(const Health&) = delete;
  Health& operator=(const Health&) = delete;

  uint16_t port() const;
  // Ready when there is no reason against it. Not ready until first called.
  void publish(std::vector<std::string> reasons_against);
  // The owner's loop has turned.
  void alive();

 private:
  Health();
  struct State;
  std::unique_ptr<State> state_;
};

// "host:port" apart; nothing when it is not that. Brackets of an IPv6 address are taken off.
struct HostPort {
  std::string host;
  uint16_t port = 0;
};
Result<HostPort> parse_host_port(const std::string& text);

}  // namespace switchboard
