// From an examined frame to the moment its sender may be told: outbox, fsync, the hub's word.
//
// P1: nothing with an item is settled before it is fsynced; what several connections have ready
// goes into one commit. With ack_after = accepted it then waits for the hub up to the listener's
// ack_wait, and is settled on own custody when that is over; a hub that has been away for that long
// is not waited for at all. The hub's word on an item nobody waits for is counted and logged. Not
// here: sockets (source.h), texts (exchange.h). Thread: the source's. Fails: commit() with the
// outbox's store, which is final: exit.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "adapters/mllp/exchange.h"
#include "adapters/mllp/settings.h"
#include "adapters/mllp/tallies.h"
#include "adapters/sdk/publisher.h"

namespace switchboard::mllp {

class Custody {
 public:
  struct Offer {
    uint64_t connection = 0;
    Exchange exchange;
    AckAfter ack_after = AckAfter::kAccepted;
    Duration ack_wait;
  };
  struct Settled {
    enum class Basis { kNothingToHold, kOwn, kHub, kFull, kRefused };
    uint64_t connection = 0;
    Exchange exchange;
    Basis basis = Basis::kOwn;
    v1::Code code = v1::CODE_OK;  // the hub's, if it is its word
  };

  Custody(sdk::Publisher& publisher, Tallies& tallies);

  void offer(Offer offer);
  // One commit is bounded: no more is to be offered now.
  bool has_enough() const;
  struct Moment {
    Time now;
    int64_t boot_us = 0;
    int64_t hub_away_us = 0;  // how long there has been no session; 0: there is one
  };
  Status commit(const Moment& moment);
  void hear(std::span<const sdk::Publisher::Outcome> outcomes);
  void expire(int64_t boot_us);

  // Since the last call.
  std::vector<Settled> take_settled();
  bool idle() const { return offered_.empty() && waiting_.empty(); }
  std::optional<int64_t> next_due_us() const;

 private:
  struct Waiting {
    Settled settled;
    int64_t due_us = 0;
    uint64_t first_sequence = 0;  // of several items: it is settled with the last
  };
  Status commit_one_by_one(std::span<const v1::Item> items, const Moment& moment);
  struct Held {
    uint64_t first_sequence = 0;
    size_t count = 1;
  };
  void held(Offer&& offer, const Held& items, const Moment& moment);
  void settle(Offer&& offer, Settled::Basis basis);

  sdk::Publisher& publisher_;
  Tallies& tallies_;
  std::vector<Offer> offered_;
  std::vector<v1::Item> items_;  // of the offered, in their order
  std::vector<size_t> counts_;   // … how many each has
  size_t offered_bytes_ = 0;
  std::map<uint64_t, Waiting> waiting_;         // by outbox sequence of the last item
  std::set<std::pair<int64_t, uint64_t>> due_;  // (boot time, sequence) of the waiting
  std::vector<Settled> settled_;
  uint64_t heard_through_;  // after a resend the hub's words come again
};

}  // namespace switchboard::mllp
