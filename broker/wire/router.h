// The hub's side: one ROUTER that many clients reach.
//
// Options are set before bind: MANDATORY, HANDOVER, HWM small, MAXMSGSIZE, heartbeats, handshake
// timeout, LINGER 0, CURVE server with a ZAP domain (fails closed). Never blocks.
// Thread: the one that made it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "broker/base/result.h"
#include "broker/wire/context.h"
#include "broker/wire/frame.h"
#include "broker/wire/keys.h"

namespace switchboard::wire {

enum class Sent { kYes, kFull, kGone };

class Router {
 public:
  struct Options {
    std::string bind;        // "tcp://127.0.0.1:0" picks a free port
    bool curve = true;       // false: benchmarks on loopback only
    KeyPair keys;
    std::string zap_domain;  // names the set of keys let in (zap.h)
    int high_water = 1000;   // messages per peer, both ways
    size_t frame_bytes_max = 0;
  };
  static Result<std::unique_ptr<Router>> open(Context& context, const Options& options);
  ~Router();

  // Where it listens, with the port that was picked.
  const std::string& endpoint() const;
  // Nothing there: an empty optional. Multipart messages other than address + one body are dropped
  // and counted.
  bool receive(Sender& from, Frame& frame);
  // kFull: the peer's queue is full; kGone: no such peer any more. The bytes are copied once.
  Sent send(const std::string& address, std::string_view bytes);
  // Takes the string over: no copy of large frames.
  Sent send(const std::string& address, std::string&& bytes);
  // For poll(2): readable means "call receive until it returns false".
  int fd() const;
  uint64_t dropped() const;

 private:
  Router();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace switchboard::wire
