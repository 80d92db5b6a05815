// People's acts on deliveries, on their way to the hub: durable until it has answered each.
//
// A person is told "recorded" only by the hub's answer; until then the act is pending and is sent
// again, with the same id, whatever happens (it is the same act, P2). Acts on one delivery keep
// their order: the next is sent when the one before is answered.
// Pure: time and entropy are arguments. Thread: the owner's. Fails: with the store only (final).
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/outbox.h"

namespace switchboard::sdk {

// What `person` does about the entry they saw. Its event goes with it: a hub that lost its tail may
// have given the number to another event, and an act must not be done on one that nobody meant.
v1::Act act_on(const std::string& team, const v1::Entry& seen, v1::ActKind kind,
               const std::string& person);

class Acts {
 public:
  struct Options {
    Duration answer_within = seconds(30);
    Duration pause_first = milliseconds(200);
    Duration pause_most = seconds(30);
    size_t frame_items = 64;
  };
  struct Outcome {
    Id act_id;
    v1::Code code = v1::CODE_OK;  // OK, DUPLICATE, or a definite refusal such as CONFLICT
    uint64_t position = 0;
    v1::DeliveryState state = v1::DELIVERY_STATE_UNSPECIFIED;
    std::string text;
  };

  // `outbox` is of Lane::kActs.
  Acts(Outbox& outbox, Entropy& entropy, const Options& options);

  // What a person does to delivery `number` of the team's inbox. Durable when it returns the act's
  // id; recorded when take_outcomes() says so. One that leaves out what its kind
  // needs (outcome, not_ours, to_team) is CODE_INVALID.
  Result<Id> submit(v1::Act act, Time now);

  Status opened(const v1::Welcome& welcome);
  void closed();
  Status answered(const v1::Acted& acted, Time now);
  Result<std::optional<v1::Acts>> next(Time now);

  bool wants_new_session() const { return wants_new_session_; }
  std::optional<Time> wakes_at() const;
  std::vector<Outcome> take_outcomes() { return std::exchange(outcomes_, {}); }
  bool idle() const { return outbox_.confirmed() + 1 == outbox_.next(); }
  // All that was in the outbox when the session opened has been answered.
  bool resent() const { return open_ && outbox_.confirmed() >= held_through_; }
  Outbox& outbox() { return outbox_; }

 private:
  struct Pending {
    uint64_t sequence = 0;
    v1::Act act;
  };
  Result<std::vector<Pending>> pending(Time now);
  Status advance(Time now);

  Outbox& outbox_;
  Entropy& entropy_;
  Options options_;
  Backoff backoff_;
  std::vector<Outcome> outcomes_;
  bool open_ = false;
  bool wants_new_session_ = false;
  uint64_t held_through_ = 0;
  std::map<std::string, uint64_t> flight_;                   // act id -> sequence, unanswered
  std::map<uint64_t, std::optional<Outbox::Refusal>> done_;  // answered ahead of an earlier one
  uint64_t position_ = 0;  // covers all of these: the highest that was promised with an answer
  Timer answer_;
  Timer pause_;
};

}  // namespace switchboard::sdk
