// The bytes of one connection, plain or by TLS, over TCP or a unix socket.
//
// Owns the socket. One read and one write at a time; what they fill and send stays the caller's
// until they are done. Everything that is under way ends with an error at close. Thread: the
// server's. Fails: the callback's error, then only close makes sense.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <functional>
#include <memory>

#include "services/gateway/tls_context.h"

namespace switchboard::gateway {

using Socket = boost::asio::generic::stream_protocol::socket;

class Transport {
 public:
  using Done = std::function<void(boost::system::error_code, size_t)>;

  virtual ~Transport() = default;
  virtual void begin(Done done) = 0;  // the TLS handshake
  virtual void read(boost::asio::mutable_buffer into, Done done) = 0;
  virtual void write(boost::asio::const_buffer all, Done done) = 0;
  // Nothing more is written. What the peer still sends is read and forgotten, so that it reads our
  // last answer rather than a reset; done when it has ended, or has sent too much.
  virtual void finish(Done done) = 0;
  virtual void close() = 0;
};
std::unique_ptr<Transport> plain_transport(Socket socket);
std::unique_ptr<Transport> tls_transport(Socket socket, TlsContext& context);

}  // namespace switchboard::gateway
