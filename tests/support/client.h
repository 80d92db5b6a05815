// A program of the SDK without its socket: the SDK's own parts over a store, and its connection.
//
// Owns: the parts of one life of the program. close() is its end, of itself or by a crash; open()
// is the next, over what the store kept. For the members of the simulation and of the disk's
// faults, which decide what a failing store means. Thread: the run's. Fails: with the store only;
// that is final.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/sdk/conversation.h"
#include "tests/support/packet.h"

namespace switchboard::support {

class Client {
 public:
  struct Options {
    std::string principal;
    std::string team;  // empty: it publishes only
    std::string endpoint = "desk";
    uint64_t seed = 1;
    uint32_t frame_items = 4;
    uint32_t credit_items = 16;
  };
  struct Parts {
    std::optional<Entropy> entropy;
    std::optional<sdk::Promises> promises;
    std::unique_ptr<sdk::Outbox> outbox, acts_outbox;
    std::optional<sdk::EndpointStore> store;
    std::optional<sdk::Session> session;
    std::optional<sdk::Publisher> publisher;
    std::optional<sdk::Acts> acts;
    std::optional<sdk::Endpoint> endpoint;
    std::optional<sdk::Conversation> conversation;
  };
  explicit Client(Options options) : options_(std::move(options)) {}

  Status open(kv::Kv& kv);
  void close();
  bool up() const { return parts_ != nullptr; }
  Parts& parts() { return *parts_; }
  const Parts& parts() const { return *parts_; }
  const Options& options() const { return options_; }

  // Opens a connection if it wants one; then what it may say, at most so many frames.
  Status say(Time now, int frames_max, const std::function<void(Packet)>& send);
  Status hear(const Packet& packet, Time now);
  void connect(Time now);  // anew
  void disconnect();
  uint64_t connection() const { return connection_; }
  // What keeps its session shut, if anything does.
  std::optional<std::string> alarm() const;

 private:
  Status build(kv::Kv& kv, Parts& parts);

  Options options_;
  std::unique_ptr<Parts> parts_;
  uint64_t connection_ = 0;
  uint64_t lives_ = 0;
  bool connected_ = false;
};

}  // namespace switchboard::support
