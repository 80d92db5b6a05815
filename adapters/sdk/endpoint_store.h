// What one endpoint received of a team's log, with its cursor, in one store.
//
// Owns: entries by number, `through`, the epoch and the promise that covers them, written in one
// batch so they never disagree; where the endpoint stood in earlier epochs.
// P5: a gap is refused, never stored over. Numbers at or below `through` come again in a replay;
// the newest copy counts, because it was disclosed by today's rules. Entries of an older epoch stay
// beside those that a restored hub numbered anew. P6: what could not be used is marked, and so are
// later entries about the same child. Layout: OUTBOX.md.
// Not here: the conversation (endpoint.h). Thread: the owner's. Fails: CODE_CONFLICT for a gap,
// CODE_STALE_EPOCH, CODE_MALFORMED; at open CODE_INVALID for another key; CODE_INTERNAL is the
// store's and final.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broker/base/result.h"
#include "broker/base/seal.h"
#include "broker/kv/kv.h"

namespace switchboard::sdk {

class EndpointStore {
 public:
  struct Options {
    std::string team;
    v1::LogKind log = v1::LOG_KIND_INBOX;
    std::optional<SealKey> key;  // sealed at rest if there is one
  };
  struct Stored {
    uint64_t epoch = 0;
    v1::Entry entry;
  };

  // An entry that is stored and was not used.
  struct Parked {
    uint64_t number = 0;
    uint64_t behind = 0;  // 0: it failed itself; else the number it waits for
    std::string subject;  // Notice.subject; empty: nothing waits behind it
    std::string reason;
  };

  // `kv` and `entropy` outlive this.
  static Result<EndpointStore> open(kv::Kv& kv, Entropy& entropy, const Options& options);

  // Written, not synced: Received may name them only after sync(). New numbers must follow on.
  Status append(const v1::Deliver& frame);
  Status sync();

  // A hub in a newer epoch has numbers up to `common` as they are here; what is above is replaced.
  Status adopt(const v1::Promise& promise, uint64_t common);

  // The copy of the newest epoch.
  Result<std::optional<Stored>> find(uint64_t number) const;
  // Numbers after `after`, in order, of every epoch.
  Result<std::vector<Stored>> read(uint64_t after, size_t limit) const;
  // Drops entries up to `number`, which the owner's retention rule has released. In stretches of
  // `most` rows: true when there is nothing left to drop.
  Result<bool> drop_through(uint64_t number, size_t most = 1024);

  // What became of entries as they were handed out, in order. Written, not synced: after a crash
  // those behind the mark are handed out again.
  Status park(const Parked& parked);
  // True: it was parked until now, also where it came about another subject or about none: what a
  // team may be shown of an entry changes between one sending and the next.
  Result<bool> used(uint64_t number);
  Status handed_out(uint64_t through);
  uint64_t handed_out() const { return handed_out_; }
  // The first parked number about this child; 0: none.
  uint64_t first_parked(const std::string& subject) const;
  // Takes the mark of a number away that failed itself; returns what waits for it, in order.
  // CODE_NOT_FOUND: it is not parked, or waits itself.
  Result<std::vector<uint64_t>> release(uint64_t number);
  Result<std::vector<Parked>> parked() const;  // in order

  uint64_t through() const { return through_; }
  uint64_t epoch() const { return epoch_; }  // 0 at first contact
  // The newest that came with what is stored.
  const v1::Promise& covered() const { return covered_; }
  const v1::Standings& earlier() const { return earlier_; }  // newest first
  const Options& options() const { return options_; }

 private:
  EndpointStore(kv::Kv& kv, Entropy& entropy, const Options& options);
  std::string key_of(uint64_t number, uint64_t epoch) const;
  std::string cursor_key() const;
  std::string earlier_key() const;
  void enter(kv::Batch& batch, uint64_t epoch, uint64_t common);
  void put_cursor(kv::Batch& batch) const;
  std::string marks_prefix() const;
  std::string mark_key(const std::string& subject, uint64_t number) const;
  Status load_marks();
  Status erase_mark(const std::string& subject, uint64_t number);
  Status find_first(const std::string& subject);  // the first parked number about this child
  Status check_key() const;
  Result<Stored> decode(std::string_view key, std::string_view row) const;

  kv::Kv* kv_;
  Entropy* entropy_;
  Options options_;
  std::string prefix_;
  uint64_t through_ = 0;
  uint64_t epoch_ = 0;
  uint64_t handed_out_ = 0;
  std::map<std::string, uint64_t> first_parked_;  // by subject
  std::map<uint64_t, std::string> marked_;        // all that are parked: the subject of the mark
  v1::Promise covered_;
  v1::Standings earlier_;
  bool unsynced_ = false;
};

}  // namespace switchboard::sdk
