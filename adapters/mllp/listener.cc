#include "adapters/mllp/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace switchboard::mllp {
namespace {

constexpr int kBacklog = 512;
// A peer that lost power is noticed in about two minutes.
constexpr int kKeepIdle = 60, kKeepInterval = 15, kKeepProbes = 4;

void set(int fd, int level, int option, int value) {
  setsockopt(fd, level, option, &value, sizeof value);
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

Result<std::unique_ptr<addrinfo, FreeAddresses>> resolve(const HostPort& where) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int failed =
      getaddrinfo(where.host.c_str(), std::to_string(where.port).c_str(), &hints, &list);
  if (failed != 0) return error(v1::CODE_INVALID, where.host + ": " + gai_strerror(failed));
  return std::unique_ptr<addrinfo, FreeAddresses>(list);
}

std::string bound_address(int fd) {
  sockaddr_storage own{};
  socklen_t length = sizeof own;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&own), &length) != 0) return "";
  char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";
  getnameinfo(reinterpret_cast<sockaddr*>(&own), length, host, sizeof host, port, sizeof port,
              NI_NUMERICHOST | NI_NUMERICSERV);
  const bool v6 = own.ss_family == AF_INET6;
  return (v6 ? "[" : "") + std::string(host) + (v6 ? "]:" : ":") + port;
}

}  // namespace

Result<Listener> Listener::open(ListenerSettings settings) {
  Listener out(std::move(settings));
  if (out.settings_.tls) {
    TRY(out.tls_, Tls::load(*out.settings_.tls));
  }
  TRY_DO(out.bind_to(out.settings_.bind));
  return out;
}

Status Listener::bind_to(const HostPort& where) {
  TRY(const auto addresses, resolve(where));
  const addrinfo& at = *addresses;
  socket_ = Fd(socket(at.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket_.valid()) set(fd(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (!socket_.valid() || bind(fd(), at.ai_addr, at.ai_addrlen) != 0 || listen(fd(), kBacklog)) {
    return error(v1::CODE_INVALID, "listener \"" + settings_.name + "\" cannot listen on " +
                                       where.host + ":" + std::to_string(where.port) + ": " +
                                       std::strerror(errno));
  }
  address_ = bound_address(fd());
  return ok();
}

Listener::Answer Listener::accept() {
  sockaddr_storage from{};
  socklen_t length = sizeof from;
  Fd socket(
      accept4(fd(), reinterpret_cast<sockaddr*>(&from), &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket.valid()) {
    const bool full = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    return {.state = full ? Answer::State::kNoRoom : Answer::State::kNobody};
  }
  set(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  set(socket.get(), SOL_SOCKET, SO_KEEPALIVE, 1);
  set(socket.get(), IPPROTO_TCP, TCP_KEEPIDLE, kKeepIdle);
  set(socket.get(), IPPROTO_TCP, TCP_KEEPINTVL, kKeepInterval);
  set(socket.get(), IPPROTO_TCP, TCP_KEEPCNT, kKeepProbes);
  return {Answer::State::kCaller, {std::move(socket), PeerAddress::of(from)}};
}

Result<std::unique_ptr<TlsSession>> Listener::secure(int fd) {
  if (!tls_) return std::unique_ptr<TlsSession>();
  return tls_->accept(fd);
}

}  // namespace switchboard::mllp
