// Whose the connections of one guarded ROUTER are (P9), and that no key has more than its share
// (P11).
//
// Follows the socket's monitor: a connection is its descriptor, from acceptance to its end, and has
// the key and the address of the first frame that came over it. Cut are: one too many of a key, one
// that chose its own routing id, one that was let in and says nothing for kSilence. A cut shuts the
// descriptor down: should libzmq have closed it in that very moment and given its number to another
// connection, that one is cut, and comes again. For the sources of broker/wire only.
// Thread: the one of the socket. Fails: open() only.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/wire/socket.h"

namespace switchboard::wire {

class Peers {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kSilence{30};

  Peers() = default;
  // Before the socket is bound. `per_key_max` 0: a key may have any number.
  static Result<Peers> open(Context& context, Socket& socket, size_t per_key_max);
  // Ends the monitor, before the socket closes.
  void close(Socket& socket);

  // A frame of `key` came over `descriptor`, from `address`. False: it is nobody's, and the
  // connection is cut.
  bool admit(int descriptor, std::string_view key, std::string_view address);
  // The connection that spoke from this address is there, as far as libzmq told.
  bool reaches(const std::string& address);
  // Takes note of what came and went.
  void follow(Clock::time_point now);
  void came(int descriptor, Clock::time_point now);
  void went(int descriptor);

  uint64_t cuts() const { return cuts_; }

 private:
  struct Peer {
    bool open = false;
    bool cut = false;
    std::string key;  // empty: nothing came yet
    std::string address;
    Clock::time_point since;
  };
  Peer* find(int descriptor);
  bool name(Peer& peer, int descriptor, std::string_view key, std::string_view address);
  void cut(Peer& peer, int descriptor);
  void cut_silent(Clock::time_point now);

  Socket monitor_;
  size_t per_key_max_ = 0;
  std::vector<Peer> peers_;  // by descriptor
  std::map<std::string, size_t, std::less<>> of_key_;
  std::unordered_map<std::string, int> by_address_;
  uint64_t cuts_ = 0;
  Clock::time_point looked_;
};

}  // namespace switchboard::wire
