// One door: the address or unix socket that browsers, or a proxy, connect to.
//
// Owns the socket and, of a unix socket, its file (0660), which is gone after the end. With as many
// connections as allowed (and one more by each other door) the next wait in the kernel's queue.
// Thread: open from the owner's before the server runs, then the server's. Fails: open, with
// CODE_INVALID, naming the option and value.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <memory>
#include <string>

#include "services/gateway/connection.h"

namespace switchboard::gateway {

class Listener {
 public:
  // `tls` may be null, on loopback only; it outlives the listener.
  static Result<std::unique_ptr<Listener>> tcp(Service& service, TlsContext* tls);
  static Result<std::unique_ptr<Listener>> local(Service& service);
  ~Listener();

  uint16_t port() const;  // 0: a unix socket
  void accept();          // goes on by itself, until there are as many as allowed
  void room();            // one has ended
  void close();

 private:
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;
  Listener(Service& service, Door door, TlsContext* tls);
  Status listen(const boost::asio::generic::stream_protocol::endpoint& at, const std::string& name);
  void take(Socket socket);
  void later();

  Service& service_;
  const Door door_;
  TlsContext* const tls_;
  Acceptor acceptor_;
  boost::asio::steady_timer pause_;
  bool paused_ = false;
  struct Place;
  std::unique_ptr<Place> place_;  // of a unix socket: its file
};

}  // namespace switchboard::gateway
