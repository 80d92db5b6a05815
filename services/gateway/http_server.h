// HTTP/1.1 with TLS for browsers, and on a unix socket for a reverse proxy.
//
// Owns the listeners, the connections and one thread, on which every responder runs. Bounded (P11):
// connections, header and body bytes, time for a request, bytes waiting for a slow reader. TLS 1.2
// and later. Adds the security headers to every answer. Writes no path or query to the log: they
// are counted by route pattern. Thread: open, every and the end from the owner's; post from any.
// Fails: open, with CODE_INVALID, naming the option, file or address.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "broker/base/time.h"
#include "broker/runtime/metrics.h"
#include "services/gateway/router.h"

namespace switchboard::gateway {

class HttpServer {
 public:
  struct Options {
    std::string listen;            // "127.0.0.1:8443"; empty = none
    std::string certificate_file;  // both empty: plain, which is refused but on loopback
    std::string key_file;
    std::string proxy_socket;  // empty = none
    size_t connections_max = 1024;
    size_t streams_max = 500;  // live pages among them
    size_t body_bytes_max = 256 * 1024;
    size_t stream_bytes_max = 1024 * 1024;  // waiting for one browser: more, and it is cut
    // From a request's first byte to its last; then for its answer; then for each 64 KiB of the
    // answer to be taken. What is answered later than that is 503.
    Duration request_within = seconds(20);
    Duration idle_after = seconds(75);
    Duration comment_every = seconds(10);  // on a stream that says nothing
  };

  static Result<std::unique_ptr<HttpServer>> open(const Options& options, Router router,
                                                  Metrics& metrics);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const;  // 0 without `listen`
  // Runs it on the server's thread, soon.
  void post(std::function<void()> work);
  // Runs it there again and again, this long after the last time has ended.
  void every(Duration pause, std::function<void()> work);

 private:
  HttpServer();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace switchboard::gateway
