// A frame on its way between a client and a hub that both run in the test's process.
#pragma once

#include <cstdint>
#include <string>

namespace switchboard::support {

struct Packet {
  std::string member;       // the client's principal, whichever way it goes
  uint64_t connection = 0;  // the client's n-th: what belongs to an older one is dropped
  std::string bytes;
};

}  // namespace switchboard::support
