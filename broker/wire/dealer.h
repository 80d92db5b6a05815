// A client's side: one DEALER to one hub. Reconnects by itself with back-off and jitter, also after
// a refusal; heartbeats notice a dead hub. connected() follows the socket's monitor, so a client
// can open anew (Hello). What was queued when a connection ends is gone (Z-5): resend what was not
// answered. Thread: the one that made it. Never blocks but in wait().
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "broker/base/result.h"
#include "broker/wire/context.h"
#include "broker/wire/frame.h"
#include "broker/wire/keys.h"

namespace switchboard::wire {

class Dealer {
 public:
  struct Options {
    std::string connect;
    bool curve = true;
    KeyPair keys;
    std::string hub_public_key;  // Z85
    int high_water = 1000;
    size_t frame_bytes_max = 0;  // 0: limits::kFrameBytesMax
    int linger_ms = 0;           // how long closing may wait for queued frames
    std::string routing_id;      // leave empty: the hub then picks an address nobody can guess
  };
  static Result<std::unique_ptr<Dealer>> open(Context& context, const Options& options);
  ~Dealer();

  // False when the queue is full or no connection is known to be up: `bytes` is untouched, keep it
  // and try later. What it takes goes over a connection that connections() counts already.
  bool send(std::string&& bytes);
  // Nothing there: false. Multipart messages are dropped.
  bool receive(Frame& frame);
  // Waits until something can be received, the connection changed, `wake_fd` (or -1) is readable,
  // or the time is up. Returns at once if there already is something. Call it often: a refused
  // client knocks again only from wait() and the three below.
  void wait(std::chrono::milliseconds at_most, int wake_fd = -1);
  // Counts completed handshakes: a change means a new connection. 0 = never connected.
  uint64_t connections();
  bool connected();
  // The last answer to a handshake was a refusal by the hub's key list.
  bool refused();

 private:
  Dealer();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace switchboard::wire
