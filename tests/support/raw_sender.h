// A sender of the tests' own: bytes over a blocking socket, with a bound on every wait.
//
// Owns: one connection to a port of this machine, whichever of its addresses, for as long as it
// lives. Speaks MLLP if asked, else sends what it is given. Thread: the caller's.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/mllp/mllp_frame.h"
#include "broker/base/check.h"

namespace switchboard::test {

class RawSender {
 public:
  explicit RawSender(uint16_t port, std::chrono::seconds at_most = std::chrono::seconds(20),
                     const std::string& host = "127.0.0.1")
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval bound{.tv_sec = at_most.count(), .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    CHECK(::inet_pton(AF_INET, host.c_str(), &to.sin_addr) == 1);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  ~RawSender() { ::close(fd_); }
  RawSender(const RawSender&) = delete;
  RawSender& operator=(const RawSender&) = delete;

  bool connected() const { return connected_; }
  int fd() const { return fd_; }
  // False: the other side does not take it.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  }
  void send_message(std::string_view message) { send(mllp::encode_frame(message)); }
  void end_sending() { ::shutdown(fd_, SHUT_WR); }
  void reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(fd_);
    fd_ = -1;
  }
  // The next answer; nothing when the other side closed or said nothing in time.
  std::optional<std::string> answer() {
    for (;;) {
      const size_t end = got_.find("\x1c\r");
      if (end != std::string::npos) {
        std::string message = got_.substr(1, end - 1);
        got_.erase(0, end + 2);
        return message;
      }
      if (!read_some()) return std::nullopt;
    }
  }
  // The MSA-1 code of the next answer, or "none".
  std::string code() {
    const auto message = answer();
    const size_t at = message ? message->find("\rMSA|") : std::string::npos;
    return at == std::string::npos ? "none" : message->substr(at + 5, 2);
  }
  std::string read_to_end() {
    while (read_some()) {
    }
    return got_;
  }

 private:
  bool read_some() {
    char bytes[4096];
    const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
    if (n > 0) got_.append(bytes, static_cast<size_t>(n));
    return n > 0;
  }
  int fd_;
  bool connected_ = false;
  std::string got_;
};

}  // namespace switchboard::test
