// Reads one log of one team into the endpoint's store, and says what it stored.
//
// Pure: frames in, frames out; time and entropy are arguments (P12). P1: Received names only what
// flush() has synced. P5: a frame that does not follow on is not stored; the endpoint attaches anew
// from what it has. `ahead` copies are shown and not stored: they come again in their turn.
// Thread: the owner's. Fails: with the store only (final).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/endpoint_store.h"

namespace switchboard::sdk {

class Endpoint {
 public:
  struct Options {
    std::string name;  // of this reader within the team; the hub keeps a cursor for it
    uint32_t credit_items = 256;
    uint64_t credit_bytes = 1024 * 1024;
    Duration attached_within = seconds(30);
    // Silence of a log after which the endpoint attaches anew: heals a frame that was lost inside a
    // live connection (a full queue at the hub), which no later number would show.
    Duration idle_after = seconds(300);
    Duration pause_first = milliseconds(200);
    Duration pause_most = seconds(30);
  };
  enum class Turn {
    kNew,    // the next number
    kAgain,  // a number received before: a replay, in today's state
    kAhead,  // an extra copy, out of turn and not stored
  };
  struct Arrival {
    Turn turn = Turn::kNew;
    uint64_t epoch = 0;
    v1::Entry entry;
  };

  Endpoint(EndpointStore& store, Entropy& entropy, const Options& options);

  void opened();
  void closed();
  bool concerns(const std::string& team, v1::LogKind log, const std::string& endpoint) const;
  Status attached(const v1::Attached& attached, Time now);
  Status delivered(v1::Deliver&& frame, Time now);
  // Says that an entry taken from take_arrivals() cannot be used, before flush(): it is parked at
  // the hub with its reason, which must not name a child.
  void fail(uint64_t number, std::string reason);
  // Syncs what came since the last call; a Received follows from next().
  Status flush();
  Result<std::optional<v1::ClientFrame>> next(Time now);

  std::vector<Arrival> take_arrivals() { return std::exchange(arrivals_, {}); }
  bool reading() const { return state_ == State::kReading; }
  uint64_t head() const { return head_; }  // last number of the log, as far as is known
  // Frames that did not follow on: losses between hub and endpoint, each healed by attaching anew.
  uint64_t gaps() const { return gaps_; }
  std::optional<Time> wakes_at() const;
  EndpointStore& store() { return store_; }

 private:
  enum class State { kClosed, kToAttach, kAttaching, kReading };
  void attach_later(Time now);
  v1::ClientFrame attach_frame() const;

  EndpointStore& store_;
  Entropy& entropy_;
  Options options_;
  Backoff backoff_;
  State state_ = State::kClosed;
  Timer timer_;  // kToAttach: when; kAttaching: until when; kReading: idle after
  std::vector<Arrival> arrivals_;
  std::optional<uint64_t> unsynced_through_;
  std::optional<v1::Received> receipt_;
  std::vector<v1::FailedEntry> failed_;
  uint64_t head_ = 0;
  uint64_t gaps_ = 0;
};

}  // namespace switchboard::sdk
