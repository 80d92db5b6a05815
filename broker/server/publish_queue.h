// Publishes that were read and are not answered yet: each client's in its order and within its
// window, the clients in turn (P11). One client's storm is nobody else's delay.
//
// A client is a principal, by however many connections it comes. What is over its window keeps its
// place and none of its items: it is answered busy when its turn comes, so that answers keep their
// order. Not here: what a frame means. Pure. Thread: the loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "broker/server/publish_frame.h"
#include "broker/wire/frame.h"

namespace switchboard::server {

class PublishQueue {
 public:
  struct Entry {
    std::string address;
    uint64_t session = 0;  // Session.serial: an answer belongs to the session that asked
    std::string principal;
    wire::Frame frame;                        // what `publish` is a view of, or …
    std::unique_ptr<v1::ClientFrame> parsed;  // … what it refers to
    PublishFrame publish;
    size_t bytes = 0;    // of its items, as the window counts them
    bool over = false;   // nothing of it is taken; `publish` is empty
    std::string outbox;  // of one that is over
    uint64_t first = 0;
  };
  using Ptr = std::unique_ptr<Entry>;
  enum class Put { kTaken, kOver, kFarOver };

  // kFarOver: the client does not look at answers at all; it is not queued, and its session ends.
  Put put(Ptr entry);
  // The oldest of the client whose turn it is; null when the queue is empty.
  Ptr next();
  bool empty() const { return clients_.empty(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Client {
    std::deque<Ptr> entries;
    size_t bytes = 0;
    size_t items = 0;
    size_t over = 0;
  };
  bool within(const Client& client, const Entry& entry) const;

  std::map<std::string, Client> clients_;  // by principal; none is empty
  std::string last_;                       // whose turn it was
  size_t bytes_ = 0;
};

}  // namespace switchboard::server
