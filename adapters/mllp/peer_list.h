// Who may connect to a listener: addresses and ranges; nobody named means loopback only.
//
// IPv4 written as IPv6 (::ffff:10.0.0.1) is IPv4. Names are not taken: who may connect must not
// depend on what a name server says. Thread: any. Fails: CODE_INVALID, naming what cannot be read.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "broker/base/result.h"

namespace switchboard::mllp {

// Of either family in one form: IPv4 is ::ffff:a.b.c.d.
struct PeerAddress {
  std::array<uint8_t, 16> bytes{};
  std::string text() const;  // without a port
  static PeerAddress of(const sockaddr_storage& from);
};

class PeerList {
 public:
  // "10.1.2.3", "10.1.2.0/24", "fd00::/8"
  static Result<PeerList> parse(const std::vector<std::string>& entries);
  bool allows(const PeerAddress& peer) const;

 private:
  struct Range {
    PeerAddress first;
    int bits = 128;
    bool holds(const PeerAddress& peer) const;
  };
  static Result<Range> parse_range(std::string_view entry);
  std::vector<Range> ranges_;
};

}  // namespace switchboard::mllp
