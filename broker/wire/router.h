// The hub's side: one ROUTER that many clients reach.
//
// Options are set before bind: MANDATORY, HWM small, MAXMSGSIZE, heartbeats, handshake timeout,
// LINGER 0, CURVE server with a ZAP domain (fails closed). Never blocks; waiting is poller.h.
// Under CURVE a frame without a user id is dropped, so nobody speaks unauthenticated, and an
// address is sent to only while the connection is there that spoke from it (P9; peers.h). Thread:
// the one that made it.
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
    std::string bind;   // "tcp://127.0.0.1:0" picks a free port
    bool curve = true;  // false: benchmarks; refused beyond loopback
    KeyPair keys;
    std::string zap_domain;      // names the set of keys let in (zap.h)
    int high_water_in = 1000;    // messages of a peer that wait to be read …
    int high_water_out = 1000;   // … and to be sent
    size_t frame_bytes_max = 0;  // 0: limits::kFrameBytesMax; a bigger frame ends its connection
    size_t per_key_max = 0;      // connections of one key (CURVE); 0: any number
    bool ipv6 = false;
  };
  // With CURVE the context's Zap must be running: libzmq lets everybody in without one.
  static Result<std::unique_ptr<Router>> open(Context& context, const Options& options);
  ~Router();

  // Where it listens, with the port that was picked.
  const std::string& endpoint() const;
  // Nothing there: false. Messages other than address + one body, and unauthenticated ones, are
  // dropped and counted; after many in a row it returns false, and polling goes on.
  bool receive(Sender& from, Frame& frame);
  // Something is there to be received, as far as is known without waiting.
  bool waiting() const;
  // kFull: the peer's queue is full; kGone: no such peer any more. The bytes are copied once.
  Sent send(const std::string& address, std::string_view bytes);
  // Takes the string over (only if kYes): no copy of large frames.
  Sent send(const std::string& address, std::string&& bytes);
  uint64_t dropped() const;
  // Connections that were cut (peers.h): one too many of a key, a routing id of its own, silence.
  uint64_t cut() const;

  struct State;
  const State& state() const { return *state_; }

 private:
  Router();
  std::unique_ptr<State> state_;
};

}  // namespace switchboard::wire
