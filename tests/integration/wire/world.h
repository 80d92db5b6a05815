// A hub's sockets and its clients in one program, over TCP on free ports.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "broker/wire/context.h"
#include "broker/wire/dealer.h"
#include "broker/wire/router.h"
#include "broker/wire/zap.h"
#include "tests/support/eventually.h"

namespace switchboard::wire {

inline constexpr char kDomain[] = "clients";
using test::eventually;

struct Received {
  Sender from;
  std::string bytes;
};

class World {
 public:
  World() : zap_(Zap::start(context_).value()) {}

  Router::Options router_options(std::string bind = "tcp://127.0.0.1:0") const {
    return {.bind = std::move(bind), .keys = hub_keys_, .zap_domain = kDomain};
  }
  std::unique_ptr<Router> open_router(const Router::Options& options) {
    return Router::open(context_, options).value();
  }
  std::unique_ptr<Router> open_router() { return open_router(router_options()); }

  Dealer::Options dealer_options(const Router& router, const KeyPair& keys) const {
    return {.connect = router.endpoint(), .keys = keys, .hub_public_key = hub_keys_.public_key};
  }
  std::unique_ptr<Dealer> open_dealer(const Dealer::Options& options) {
    return Dealer::open(context_, options).value();
  }
  std::unique_ptr<Dealer> open_dealer(const Router& router, const KeyPair& keys) {
    return open_dealer(dealer_options(router, keys));
  }
  void allow(const std::set<std::string>& keys) { zap_->allow(kDomain, keys); }

  Context context_;
  const KeyPair hub_keys_ = make_key_pair();
  std::unique_ptr<Zap> zap_;
};

inline bool send(Dealer& dealer, const std::string& bytes) {
  return eventually([&] { return dealer.send(std::string(bytes)); });
}
inline bool connected(Dealer& dealer) {
  return eventually([&] { return dealer.connected(); });
}
// Empty bytes if nothing came.
inline Received next(Router& router) {
  Received received;
  Frame frame;
  if (eventually([&] { return router.receive(received.from, frame); })) {
    received.bytes = frame.bytes();
  }
  return received;
}
inline std::string next(Dealer& dealer) {
  Frame frame;
  return eventually([&] { return dealer.receive(frame); }) ? std::string(frame.bytes()) : "";
}

}  // namespace switchboard::wire
