// A browser that says exactly what it is told to: raw bytes over TCP or a unix socket.
//
// Every wait has an end, so that a server which does not answer fails a test and does not hang it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "broker/base/check.h"

namespace switchboard::test {

class RawBrowser {
 public:
  static constexpr int kPatienceMs = 30'000;

  explicit RawBrowser(uint16_t port, int receive_bytes = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_bytes > 0) {
      setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    }
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  }
  explicit RawBrowser(const std::string& path)
      : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strncpy(to.sun_path, path.c_str(), sizeof to.sun_path - 1);
    CHECK(connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  }
  ~RawBrowser() { leave(); }
  RawBrowser(RawBrowser&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), kept_(std::move(other.kept_)) {}
  RawBrowser& operator=(RawBrowser&&) = delete;

  void leave() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  // False: the other side has ended.
  bool say(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  }
  // Whether there is something to read, or the end, within so long.
  bool hears(int within_ms) {
    pollfd one{fd_, POLLIN, 0};
    return poll(&one, 1, within_ms) > 0;
  }
  // What has come: empty at the end of the connection, and when the patience is.
  std::string hear() {
    char chunk[16384];
    if (!hears(kPatienceMs)) return {};
    const ssize_t n = recv(fd_, chunk, sizeof chunk, 0);
    reset_ = n < 0;
    return n > 0 ? std::string(chunk, static_cast<size_t>(n)) : std::string();
  }
  // The connection ended by a reset: other systems than this one then forget what they had not
  // read.
  bool was_reset() const { return reset_; }
  // To the end; a stream that goes on with its comments is left when the patience is over.
  std::string hear_all() {
    std::string out;
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
    for (std::string more = hear(); !more.empty(); more = hear()) {
      out += more;
      if (std::chrono::steady_clock::now() > until) return out;
    }
    return out;
  }
  // All up to and with `mark`, or to the end; what comes after it stays for the next time.
  std::string hear_until(std::string_view mark) {
    size_t at = kept_.find(mark);
    while (at == kept_.npos) {
      const std::string more = hear();
      if (more.empty()) return std::exchange(kept_, {});
      kept_ += more;
      at = kept_.find(mark);
    }
    return take(at + mark.size());
  }
  // One whole answer with a length.
  std::string hear_answer() {
    std::string head = hear_until("\r\n\r\n");
    const size_t at = head.find("Content-Length: ");
    if (at == head.npos) return head;
    const size_t length = std::stoul(head.substr(at + 16));
    while (kept_.size() < length) {
      const std::string more = hear();
      if (more.empty()) break;
      kept_ += more;
    }
    return head + take(std::min(length, kept_.size()));
  }

 private:
  std::string take(size_t n) {
    std::string out = kept_.substr(0, n);
    kept_.erase(0, n);
    return out;
  }
  int fd_;
  std::string kept_;
  bool reset_ = false;
};

inline std::string get_request(const std::string& path, const std::string& headers = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: screen\r\n" + headers + "\r\n";
}

}  // namespace switchboard::test
