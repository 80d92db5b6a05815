// Reads one log of one team into the endpoint's store, and says what it stored.
//
// Pure: frames in, frames out; time and entropy are arguments (P12). P1: Received names only what
// flush() has synced. P5: a frame that does not follow on is not stored; the endpoint attaches anew
// from what it has. `ahead` copies are shown and not stored: they come again in their turn. P6: an
// entry that could not be used parks later ones about the same child, and nobody else's.
// Thread: the owner's. Fails: with the store only (final).
#pragma once

#include <deque>
#include <functional>
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
  // Uses what has arrived, in order: `use` says nothing ("") if it could, else why not, naming
  // nobody. Then the entry is parked, here and at the hub, and later entries about the same child
  // are parked behind it without being shown to `use`, until a replay brings it again and it can be
  // used, or release(). At least once: after a crash what was not seen to its end comes again.
  using Use = std::function<std::string(const Arrival&)>;
  void use_arrivals(const Use& use);
  // The same for an owner that can use everything: what it takes counts as used.
  std::vector<Arrival> take_arrivals();
  // The endpoint's operator has dealt with a parked entry by other means: what waits for it arrives
  // again, in order. CODE_NOT_FOUND: nothing waits for it.
  Status release(uint64_t number);
  // Syncs what came since the last call; a Received follows from next().
  Status flush();
  Result<std::optional<v1::ClientFrame>> next(Time now);

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
  Status hand_out(const Arrival& arrival, const Use& use);
  Status park(const v1::Entry& entry, uint64_t behind, std::string reason);
  // From the store, in front of what has arrived since.
  Status recall(const std::vector<uint64_t>& numbers);
  Status recall_unfinished();

  EndpointStore& store_;
  Entropy& entropy_;
  Options options_;
  Backoff backoff_;
  State state_ = State::kClosed;
  Timer timer_;  // kToAttach: when; kAttaching: until when; kReading: idle after
  std::deque<Arrival> arrivals_;
  Status broken_ = ok();  // the store's failure while entries were handed out
  uint64_t stored_at_start_ = 0;
  bool started_ = false;                      // what was left unfinished is among the arrivals
  std::optional<uint64_t> unsynced_through_;  // to be receipted after the next sync
  uint64_t told_through_ = 0;                 // the last number a receipt of this reading named
  std::optional<v1::Received> receipt_;
  std::vector<v1::FailedEntry> failed_;  // to be reported
  std::vector<uint64_t> settled_;        // … as well
  uint64_t head_ = 0;
  uint64_t gaps_ = 0;
};

}  // namespace switchboard::sdk
