// From an examined frame to the moment its sender may be told: outbox, fsync, the hub's word.
//
// P1: nothing is settled before its items and its counts are fsynced; what several connections have
// ready goes into one commit. The same event again, while the outbox has it, is a duplicate: held
// already, not appended. With ack_after = accepted it then waits for the hub up to the listener's
// ack_wait, and is settled on own custody when that is over; a hub that has been away for that long
// is not waited for at all. The hub's word on an item nobody waits for is counted and logged. Not
// here: sockets (source.h), texts (exchange.h). Thread: the source's. Fails: commit() and hear()
// with the outbox's store, which is final: exit.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "adapters/mllp/exchange.h"
#include "adapters/mllp/ledger.h"
#include "adapters/mllp/settings.h"
#include "adapters/mllp/tallies.h"
#include "adapters/sdk/publisher.h"

namespace switchboard::mllp {

class Custody {
 public:
  struct Offer {
    uint64_t connection = 0;
    size_t listener = 0;
    Time read;
    Submission submission;
    AckAfter ack_after = AckAfter::kAccepted;
    Duration ack_wait;
    uint32_t park_after = 0;  // refusals of the hub of one event: then it is left in their list
  };
  struct Settled {
    uint64_t connection = 0;
    Submission submission;
    std::vector<Word> words;  // on each part
    bool own = false;         // the hub's word did not come in time, on some part
  };

  Custody(sdk::Outbox& outbox, Ledger& ledger, Tallies& tallies);

  void offer(Offer offer);
  // One commit is bounded: no more is to be offered now.
  bool has_enough() const;
  struct Moment {
    Time now;
    int64_t boot_us = 0;
    int64_t hub_away_us = 0;  // how long there has been no session; 0: there is one
  };
  Status commit(const Moment& moment);
  Status hear(std::span<const sdk::Publisher::Outcome> outcomes);
  void expire(int64_t boot_us);

  // Since the last call.
  std::vector<Settled> take_settled();
  bool idle() const { return offered_.empty() && waiting_.empty(); }
  std::optional<int64_t> next_due_us() const;

 private:
  struct Waiting {
    Settled settled;
    int64_t due_us = 0;
    std::vector<uint64_t> sequences;  // in the outbox
    size_t open = 0;                  // items whose word is out
  };
  // An item in the outbox, and which part of the offer it is of.
  struct Held {
    size_t part = 0;
    uint64_t sequence = 0;
  };
  Result<std::vector<Held>> hold(Offer& offer, Settled& settled, Time now);
  // What became of the items of one part so far.
  struct Progress {
    bool added = false, full = false;
    std::vector<uint64_t> sequences;
  };
  Status make_fit(size_t item_bytes);
  // Those of its items that are not held already.
  Result<std::vector<Taken>> new_items(const Offer& offer, Exchange& part, Progress& progress);
  Status hold_item(const Offer& offer, const Exchange& part, const Taken& taken, Time now,
                   Progress& progress);
  Result<Progress> hold_part(const Offer& offer, Exchange& part, Time now);
  Ledger::Entry entry(const Offer& offer, const Exchange& part, Exchange::Ledger outcome) const;
  void count(const Ledger::Entry& entry);
  void wait_or_settle(const Offer& offer, Settled settled, const std::vector<Held>& held,
                      const Moment& moment);
  void hear_word(uint64_t ticket, size_t part, const sdk::Publisher::Outcome& outcome);
  void settle(std::map<uint64_t, Waiting>::iterator at);
  void forget_awaited(uint64_t ticket, const std::vector<uint64_t>& sequences);

  sdk::Outbox& outbox_;
  Ledger& ledger_;
  Tallies& tallies_;
  std::vector<Offer> offered_;
  size_t offered_bytes_ = 0, offered_items_ = 0;
  uint64_t tickets_ = 0;
  std::map<uint64_t, Waiting> waiting_;         // by ticket
  std::set<std::pair<int64_t, uint64_t>> due_;  // (boot time, ticket) of the waiting
  // (ticket, part) by outbox sequence: several wait for one where the same event came twice.
  std::multimap<uint64_t, std::pair<uint64_t, size_t>> awaited_;
  std::vector<Settled> settled_;
  Resends refused_by_hub_{1};
  uint64_t heard_through_;  // after a resend the hub's words come again
};

}  // namespace switchboard::mllp
