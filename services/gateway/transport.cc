#include "services/gateway/transport.h"

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace switchboard::gateway {
namespace {

namespace asio = boost::asio;
using Failed = boost::system::error_code;

constexpr size_t kForgottenBytesMax = 1 << 20;

// Reads what nobody wants until the peer ends.
class Drain {
 public:
  void run(Socket& socket, Transport::Done done) {
    socket.async_read_some(asio::buffer(chunk_),
                           [this, &socket, done = std::move(done)](Failed failed, size_t n) {
                             bytes_ += n;
                             if (failed || bytes_ > kForgottenBytesMax) return done(failed, bytes_);
                             run(socket, done);
                           });
  }

 private:
  std::array<char, 4096> chunk_;
  size_t bytes_ = 0;
};

void end_writing(Socket& socket) {
  Failed ignored;
  socket.shutdown(Socket::shutdown_send, ignored);
}

void close_now(Socket& socket) {
  Failed ignored;
  socket.close(ignored);
}

class PlainTransport : public Transport {
 public:
  explicit PlainTransport(Socket socket) : socket_(std::move(socket)) {}

  void begin(Done done) override {
    asio::post(socket_.get_executor(), [done = std::move(done)] { done({}, 0); });
  }
  void read(asio::mutable_buffer into, Done done) override {
    socket_.async_read_some(into, std::move(done));
  }
  void write(asio::const_buffer all, Done done) override {
    asio::async_write(socket_, all, std::move(done));
  }
  void finish(Done done) override {
    end_writing(socket_);
    drain_ = std::make_unique<Drain>();
    drain_->run(socket_, std::move(done));
  }
  void close() override { close_now(socket_); }

 private:
  Socket socket_;
  std::unique_ptr<Drain> drain_;
};

class TlsTransport : public Transport {
 public:
  TlsTransport(Socket socket, TlsContext& context) : stream_(std::move(socket), context) {}

  void begin(Done done) override {
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [done = std::move(done)](Failed failed) { done(failed, 0); });
  }
  void read(asio::mutable_buffer into, Done done) override {
    stream_.async_read_some(into, std::move(done));
  }
  void write(asio::const_buffer all, Done done) override {
    asio::async_write(stream_, all, std::move(done));
  }
  // The end is said in TLS first, so that nobody can cut an answer short unnoticed.
  void finish(Done done) override {
    stream_.async_shutdown([this, done = std::move(done)](Failed) {
      end_writing(stream_.next_layer());
      drain_ = std::make_unique<Drain>();
      drain_->run(stream_.next_layer(), done);
    });
  }
  void close() override { close_now(stream_.next_layer()); }

 private:
  asio::ssl::stream<Socket> stream_;
  std::unique_ptr<Drain> drain_;
};

}  // namespace

std::unique_ptr<Transport> plain_transport(Socket socket) {
  return std::make_unique<PlainTransport>(std::move(socket));
}

std::unique_ptr<Transport> tls_transport(Socket socket, TlsContext& context) {
  return std::make_unique<TlsTransport>(std::move(socket), context);
}

}  // namespace switchboard::gateway
