// What became of every item that senders hold in an outbox, counted once (P10).
//
// Owns: how far each outbox is counted, and the counts by source, bucket and London's day, as the
// last commit left them plus those of this turn. write() puts one row per line and outbox that
// moved, not one per item, into the commit of the items themselves: after a crash or a lost tail
// counts and items agree. Bounded (P11): outboxes per principal, days. Thread: the loop.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/audit.h"
#include "broker/store/ledger_rows.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::core {

// Where an item lies at its sender.
struct OutboxItem {
  std::string_view outbox;  // 16 bytes
  uint64_t sequence = 0;    // of the item, from 1
};

// When an item was taken from its source, as far as its sender's clock is believed: within the days
// that are kept. 0: now.
Time believed_taken(int64_t taken_us, Time now);

class Ledger {
 public:
  Status load(const kv::Reads& reads);

  struct Taken {
    v1::LedgerBucket bucket = v1::LEDGER_BUCKET_UNSPECIFIED;
    int64_t at_us = 0;  // when the sender took it from its source; 0 = now
    std::string_view kind;
    bool child = false;  // about somebody under 18, or of unknown age
  };
  // A sequence that was counted before counts no more. `code`: the answer, and a definite one. No
  // bucket: the sequence is passed, and stands in no line.
  void count(store::Journal& journal, const v1::PrincipalRow& who, const OutboxItem& at,
             const Taken& taken, v1::Code code, Time now);
  bool changed() const { return !outboxes_moved_.empty(); }
  // What write() will add to the batch, at most.
  size_t bytes() const { return (outboxes_moved_.size() + rows_moved_.size()) * kRowBytes; }
  // With an audit entry that says how many were counted.
  void write(store::Journal& journal, Audit& audit, Time now);

 private:
  static constexpr size_t kRowBytes = 512;  // an outbox with all its gaps
  struct Outbox {
    v1::OutboxRecord record;
    bool moved = false;
  };
  using Outboxes = std::map<std::string, Outbox, std::less<>>;  // by id
  struct Row {
    v1::LedgerRecord record;
    bool moved = false;
  };
  // What the last item was counted under: the next one is mostly the same.
  struct Last {
    std::string principal;
    std::string outbox_id;
    Outbox* outbox = nullptr;
    store::LedgerKey key;
    Row* row = nullptr;
  };
  Outbox& outbox(store::Journal& journal, const v1::PrincipalRow& who, std::string_view id);
  Row& row(store::Journal& journal, const v1::PrincipalRow& who, v1::LedgerBucket bucket, Day day);
  Day day_of(int64_t at_us, Time now);
  void forget_oldest(store::Journal& journal, const std::string& principal, Outboxes& known);
  void erase_old_days(store::Journal& journal, Time now);

  std::map<std::string, Outboxes, std::less<>> outboxes_;  // by principal
  std::map<store::LedgerKey, Row> rows_;
  Last last_;
  std::vector<std::pair<std::string, Outbox*>> outboxes_moved_;
  std::vector<std::pair<const store::LedgerKey*, Row*>> rows_moved_;
  uint64_t counted_ = 0;
  Day day_;  // the day that holds [day_begins_us_, day_ends_us_)
  int64_t day_begins_us_ = 0;
  int64_t day_ends_us_ = 0;
  Day erased_before_;
};

}  // namespace switchboard::core
