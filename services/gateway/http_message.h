// One request of a browser and its answer, without sockets.
//
// Plain values: what the server (http_server.h) has read and bounded, and what it will write.
// Thread: any. Fails: not at all.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/base/result.h"

namespace switchboard::gateway {

// Which door a request came by: what a proxy says of a person is believed at its own door only.
enum class Door { kBrowser, kProxy };

enum class Method { kGet, kPost, kPut, kDelete };

struct Request {
  Door door = Door::kBrowser;
  Method method = Method::kGet;
  std::string path;                            // decoded, without the query; begins with '/'
  std::map<std::string, std::string> query;    // decoded; the first of a name counts
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string address;  // of the peer, without port; of the proxy's peer where it says so
  // What the router found in the pattern's places.
  std::map<std::string, std::string> places;

  std::string_view header(const std::string& name) const;  // lower case; empty: not there
  std::string_view cookie(std::string_view name) const;    // empty: not there
};

struct Response {
  unsigned status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

// An answer that goes on: server-sent events. Bounded (P11): a browser that does not read is cut,
// comes back with the last id it saw and misses nothing.
class Stream {
 public:
  virtual ~Stream() = default;
  // One event; `id` and `event` may be empty. False: it is closed.
  virtual bool send(std::string_view event, std::string_view id, std::string_view data) = 0;
  virtual void close() = 0;
  virtual bool open() const = 0;
};

// How a responder answers: once, now or later, from the server's thread. Dropped without an answer
// is 500, so nobody waits for ever. A browser that went away is no error.
class Reply {
 public:
  virtual ~Reply() = default;
  virtual void answer(Response response) = 0;
  // 200 text/event-stream. Null: the browser went away.
  virtual std::shared_ptr<Stream> stream() = 0;
};
using Responder = std::function<void(const Request&, std::shared_ptr<Reply>)>;

// A refusal in words and a stable code (v1::Problem as JSON).
Response problem(const Error& error, const std::string& field = {}, unsigned retry_after_s = 0);
// The HTTP status that a code of the hub is shown as.
unsigned status_of(v1::Code code);

}  // namespace switchboard::gateway
