// One bound address and who may come in by it.
//
// Owns the listening socket and the listener's TLS. Not here: the connections (source.h).
// Thread: the source's. Fails: open, when the address is wrong or taken or a TLS file is of no use.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "adapters/mllp/settings.h"
#include "broker/base/fd.h"

namespace switchboard::mllp {

class Listener {
 public:
  static Result<Listener> open(ListenerSettings settings);

  struct Caller {
    Fd socket;
    PeerAddress address;
  };
  struct Answer {
    enum class State { kCaller, kNobody, kNoRoom } state = State::kNobody;
    Caller caller;
  };
  // The next in line. kNoRoom: out of descriptors or memory; ask again later.
  Answer accept();
  void close() { socket_ = Fd(); }

  // Null for a plain listener; a failure is for this one caller only.
  Result<std::unique_ptr<TlsSession>> secure(int fd);

  int fd() const { return socket_.get(); }
  const std::string& address() const { return address_; }  // with the port it got
  const ListenerSettings& settings() const { return settings_; }
  size_t connections = 0;                 // the source's count …
  std::map<std::string, size_t> by_peer;  // … and of each address
  int64_t complained_us = 0;              // when it last logged a caller it did not take

 private:
  explicit Listener(ListenerSettings settings) : settings_(std::move(settings)) {}
  Status bind_to(const HostPort& where);
  ListenerSettings settings_;
  Fd socket_;
  std::string address_;
  std::unique_ptr<Tls> tls_;
};

}  // namespace switchboard::mllp
