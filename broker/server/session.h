// One client's conversation with the hub, and all of them.
//
// A session is an address bound to a key and so to a principal (P9); a frame from the same address
// with another key ends it. Bounded in number; silent ones expire. Thread: the loop.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "switchboard/v1/admin.pb.h"

namespace switchboard::server {

struct Session {
  std::string address;
  std::string public_key;
  std::string principal;
  int64_t last_seen_us = 0;  // boot time
  // Outbox -> the sequence after what was taken of it in this session: frames that begin later are
  // not taken, so that a source's order survives (P6). At most kOutboxesMax.
  std::map<std::string, uint64_t, std::less<>> next;
  bool takes_nudges = false;  // nudges were handed out in this session: it may hold some
  size_t reads = 0;           // with the reader thread; at most kReadsMax
  uint64_t serial =
      0;  // never used twice: a second Hello on the same connection is another session
};

class Sessions {
 public:
  // Null when the table is full of live sessions.
  Session* open(const std::string& address, const std::string& public_key,
                const std::string& principal, int64_t now_us);
  // The session of this key that was silent longest, if it has all it may have: it has to go before
  // the key opens another. So one that comes and goes for ever takes nobody else's place (P11).
  std::optional<std::string> crowded_out(const std::string& public_key,
                                         const std::string& address) const;
  // Null if there is none, or it belongs to another key (then it is gone).
  Session* find(const std::string& address, const std::string& public_key);
  Session* at(const std::string& address);
  void close(const std::string& address);
  // Addresses that were silent for so long; they are closed.
  std::vector<std::string> expire(int64_t now_us, int64_t silent_us);
  size_t size() const { return by_address_.size(); }
  const std::map<std::string, Session>& all() const { return by_address_; }

 private:
  std::map<std::string, Session> by_address_;
  uint64_t opened_ = 0;
};

}  // namespace switchboard::server
