#include "tests/support/tcp_proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <list>
#include <vector>

#include "broker/base/check.h"

namespace switchboard::test {
namespace {

constexpr size_t kBufferBytes = 64 * 1024;  // of each direction; more waits in the kernel
constexpr int kTurnMs = 2;
constexpr int kDelayTurns = 20;
constexpr size_t kTrickleBytes = 700;

int new_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0);
  return fd;
}
sockaddr_in loopback(uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return at;
}
void make_quick(int fd) {
  const int one = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
}
void end(int fd, bool by_reset) {
  const linger now{.l_onoff = 1, .l_linger = 0};
  if (by_reset) ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(fd);
}

}  // namespace

// One direction of a connection: what was read and is not written yet.
struct TcpProxy::Link {
  struct Way {
    int from = -1, to = -1;
    std::string waiting;
    int late = 0;  // turns until it may go on
  };
  Way up, down;  // to the target, from it
  uint64_t through = 0;
  uint64_t reset_at = 0;  // bytes; 0: never
  bool dead = false;
};

struct TcpProxy::Loop {
  TcpProxy& proxy;
  std::list<Link> links;
  uint64_t resets = 0;
  uint64_t reset_after = 0;

  void turn();
  void take_new();
  bool swallows(bool up) const;
  void read(Link& link, Link::Way& way, bool up);
  void write(Link& link, Link::Way& way);
  void end_dead();
  void wait();
};

void TcpProxy::Loop::take_new() {
  const int client = ::accept4(proxy.listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  ++proxy.accepted_;
  if (proxy.harm_ == Harm::kRefuse) return end(client, true);
  const int target = new_socket();
  const auto at = loopback(proxy.target_port_);
  if (::connect(target, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
    ::close(target);
    return end(client, true);
  }
  make_quick(client);
  make_quick(target);
  Link& link = links.emplace_back();
  link.up = {.from = client, .to = target, .waiting = {}};
  link.down = {.from = target, .to = client, .waiting = {}};
}

bool TcpProxy::Loop::swallows(bool up) const {
  const Harm harm = proxy.harm_;
  return harm == Harm::kHalfOpen || (harm == Harm::kOneWay && !up) ||
         (harm == Harm::kOtherWay && up);
}

void TcpProxy::Loop::read(Link& link, Link::Way& way, bool up) {
  const bool stalled = proxy.harm_ == Harm::kStall;
  if (link.dead || stalled || way.waiting.size() >= kBufferBytes) return;
  char bytes[16 * 1024];
  const ssize_t n = ::recv(way.from, bytes, sizeof bytes, 0);
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
    // A half-open connection does not even tell of an end.
    if (proxy.harm_ != Harm::kHalfOpen) link.dead = true;
    return;
  }
  if (n < 0) return;
  if (swallows(up)) {
    proxy.swallowed_ += static_cast<uint64_t>(n);
    // Bytes are missing from here on: once healed, this connection can only be ended.
    link.reset_at = 1;
    return;
  }
  if (link.reset_at == 1) link.dead = true;
  if (way.waiting.empty() && proxy.harm_ == Harm::kDelay) way.late = kDelayTurns;
  way.waiting.append(bytes, static_cast<size_t>(n));
}

void TcpProxy::Loop::write(Link& link, Link::Way& way) {
  if (link.dead || way.waiting.empty() || (way.late > 0 && --way.late > 0)) return;
  if (proxy.harm_ == Harm::kStall) return;
  size_t most = way.waiting.size();
  if (proxy.harm_ == Harm::kTrickle) most = std::min(most, kTrickleBytes);
  if (link.reset_at > 1) most = std::min<size_t>(most, link.reset_at - link.through);
  const ssize_t n = ::send(way.to, way.waiting.data(), most, MSG_NOSIGNAL);
  if (n < 0 && errno != EAGAIN && errno != EINTR) link.dead = true;
  if (n <= 0) return;
  way.waiting.erase(0, static_cast<size_t>(n));
  link.through += static_cast<uint64_t>(n);
  proxy.passed_ += static_cast<uint64_t>(n);
  if (link.reset_at > 1 && link.through >= link.reset_at) link.dead = true;
}

void TcpProxy::Loop::end_dead() {
  if (proxy.resets_ != resets) {
    resets = proxy.resets_;
    for (auto& link : links) link.dead = true;
  }
  if (!links.empty()) {
    const uint64_t after = proxy.reset_after_.exchange(0);
    for (auto& link : links) {
      if (after > 0) link.reset_at = link.through + std::max<uint64_t>(after, 2);
    }
  }
  for (auto it = links.begin(); it != links.end();) {
    if (!it->dead) {
      ++it;
      continue;
    }
    end(it->up.from, true);
    end(it->up.to, true);
    ++proxy.reset_;
    it = links.erase(it);
  }
}

void TcpProxy::Loop::wait() {
  const Harm harm = proxy.harm_;
  std::vector<pollfd> all = {{.fd = proxy.listener_, .events = POLLIN, .revents = 0}};
  const bool paced = harm == Harm::kStall || harm == Harm::kTrickle || harm == Harm::kDelay;
  for (auto& link : links) {
    if (paced) continue;
    for (auto* way : {&link.up, &link.down}) {
      if (way->waiting.empty()) all.push_back({.fd = way->from, .events = POLLIN, .revents = 0});
      if (!way->waiting.empty()) all.push_back({.fd = way->to, .events = POLLOUT, .revents = 0});
    }
  }
  ::poll(all.data(), all.size(), kTurnMs);
}

void TcpProxy::Loop::turn() {
  wait();
  take_new();
  for (auto& link : links) {
    read(link, link.up, true);
    read(link, link.down, false);
    write(link, link.up);
    write(link, link.down);
  }
  end_dead();
}

const char* TcpProxy::name_of(Harm harm) {
  switch (harm) {
    case Harm::kNone:
      return "none";
    case Harm::kHalfOpen:
      return "half-open";
    case Harm::kOneWay:
      return "one way: nothing from the hub";
    case Harm::kOtherWay:
      return "one way: nothing to the hub";
    case Harm::kStall:
      return "stall";
    case Harm::kTrickle:
      return "trickle";
    case Harm::kDelay:
      return "delay";
    case Harm::kRefuse:
      return "refused";
  }
  return "";
}

TcpProxy::TcpProxy(const std::string& target) {
  target_port_ = static_cast<uint16_t>(std::stoi(target.substr(target.rfind(':') + 1)));
  listener_ = new_socket();
  sockaddr_in at = loopback(0);
  CHECK(::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  CHECK(::listen(listener_, 64) == 0);
  socklen_t length = sizeof at;
  CHECK(::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &length) == 0);
  port_ = ntohs(at.sin_port);
  make_quick(listener_);
  thread_ = std::thread([this] { run(); });
}

TcpProxy::~TcpProxy() {
  stop_ = true;
  thread_.join();
  ::close(listener_);
}

std::string TcpProxy::endpoint() const { return "tcp://127.0.0.1:" + std::to_string(port_); }

void TcpProxy::run() {
  Loop loop{*this, {}, 0, 0};
  while (!stop_) loop.turn();
  for (auto& link : loop.links) link.dead = true;
  loop.end_dead();
}

}  // namespace switchboard::test
