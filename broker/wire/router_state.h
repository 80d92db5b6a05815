// What a Router is made of, for router.cc and poller.cc only.
#pragma once

#include <cstdint>
#include <string>

#include "broker/wire/peers.h"
#include "broker/wire/router.h"
#include "broker/wire/socket.h"

namespace switchboard::wire {

struct Router::State {
  Socket socket;
  Peers peers;
  std::string endpoint;
  Frame address;  // reused, so that receiving allocates nothing
  uint64_t dropped = 0;
  bool curve = true;
};

}  // namespace switchboard::wire
