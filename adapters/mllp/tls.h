// TLS of a listener: what it shows and whom it takes. TLS 1.2 and later.
//
// Owns: the certificate, its key and the client CA, read once. With a client CA every peer must
// show a certificate it signed (mutual TLS); without one only we are known to them. The only door
// to OpenSSL is the .cc. Thread: one. Fails: CODE_INVALID, naming the file.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "broker/base/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace switchboard::mllp {

// What became of a read or a write on a socket that never blocks.
struct Moved {
  enum class State {
    kSome,    // `bytes` were moved
    kLater,   // the socket has nothing, or takes nothing, at the moment
    kEnd,     // the peer has ended its side in order
    kBroken,  // reset, or not TLS, or not a peer we know
  };
  State state = State::kLater;
  size_t bytes = 0;
};

// The TLS of one connection.
class TlsSession {
 public:
  explicit TlsSession(ssl_st* ssl) : ssl_(ssl) {}
  Moved read(char* to, size_t bytes_max);
  Moved write(std::string_view bytes);
  bool established() const;  // the handshake is over
  bool wants_write() const;  // it waits for room in the socket, whatever we asked of it
  void say_goodbye();

 private:
  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  Moved judge(int result, bool reading);
  std::unique_ptr<ssl_st, Free> ssl_;
  bool broken_ = false;
};

class Tls {
 public:
  struct Files {
    std::string certificate, key, client_ca;
  };
  static Result<std::unique_ptr<Tls>> load(const Files& files);
  // The descriptor stays the caller's and outlives the session.
  Result<std::unique_ptr<TlsSession>> accept(int fd);

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  explicit Tls(ssl_ctx_st* context) : context_(context) {}
  std::unique_ptr<ssl_ctx_st, Free> context_;
};

}  // namespace switchboard::mllp
