// Who is let in: the ZAP thread (RFC 27), failing closed.
//
// Answers libzmq's handshake questions from a set of public keys per domain; the user id it returns
// is the Z85 public key. The set is replaced whole from the owner's thread over an inproc socket,
// no shared memory. No set, unknown domain, other mechanism or a broken question: refused. A key
// that is taken out keeps its open connection: the owner drops its frames by Sender.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "broker/base/result.h"
#include "broker/wire/context.h"
#include "broker/wire/keys.h"

namespace switchboard::wire {

class Zap {
 public:
  // Binds inproc://zeromq.zap.01; do this before any CURVE socket binds. Lives as long as they do.
  static Result<std::unique_ptr<Zap>> start(Context& context);
  ~Zap();
  // Returns when the thread has taken the new set, or has ended.
  void allow(const std::string& domain, std::set<std::string> public_keys);
  // What allow() last said; empty for an unknown domain.
  std::set<std::string> allowed(const std::string& domain) const;
  uint64_t refused() const;
  // False: its thread has ended, and nobody new is let in any more. The program should end: what
  // starts again lets people in again.
  bool alive() const;
  // Ends the thread.
  void stop();

 private:
  Zap();
  struct State;
  std::unique_ptr<State> state_;
};

// P9: a stranger's key must be refused at `endpoint`, and the hub's own test key let in; the
// domain's set is as before afterwards. Takes at most some seconds. CODE_INTERNAL if either does
// not hold: the hub must not start.
Status self_test(Context& context, Zap& zap, const std::string& domain, const std::string& endpoint,
                 const KeyPair& hub_keys);

}  // namespace switchboard::wire
