// From the bytes of a connection to requests, one after the other, within limits.
//
// Owns the bytes that are not read yet. What could be understood in two ways (two lengths, a length
// beside chunks, two hosts) is refused: a proxy in front may have read it the other way. After a
// refusal nothing more is read from the connection. Thread: one. Fails: by `refusal`.
#pragma once

#include <memory>
#include <string>

#include "services/gateway/http_message.h"

namespace switchboard::gateway {

class RequestReader {
 public:
  static constexpr size_t kHeaderBytesMax = 16 * 1024;

  struct Peer {
    Door door = Door::kBrowser;
    std::string address;
  };
  RequestReader(Peer peer, size_t body_bytes_max);
  ~RequestReader();

  enum class State { kMore, kWhole, kRefused };
  struct Room {
    char* at;
    size_t bytes;
  };
  Room room();           // where the next bytes go
  State took(size_t n);  // so many came
  State go_on();         // with what came together with the last request
  bool begun() const;    // a part of a request is there
  bool asks_continue();  // once: the peer waits for "100 Continue" before it sends the body

  // Of the whole request; it is taken once.
  Request take();
  bool head() const;  // HEAD: a GET whose answer has no body
  bool keep_alive() const;
  const Response& refusal() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace switchboard::gateway
