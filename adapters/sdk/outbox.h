// What this client took custody of and the hub may not hold yet, in order, sealed, on disk.
//
// Owns: sequence numbers (1, 2, 3 … never reused), which are confirmed, what was refused, the
// bound. append() returns only after sync: that is custody 1 (P1), an adapter answers AA after it.
// Confirmed items stay, sealed, for `resend_window`: a restored hub asks for them. Definite
// refusals stay until someone dismisses them (nothing ends silently). Layout: OUTBOX.md. Not here:
// the conversation (publisher.h, acts.h). Thread: the owner's. Fails: CODE_BUSY at the bound,
// CODE_OVERSIZE; CODE_INTERNAL is the store's and final: exit.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/sdk/outbox_index.h"
#include "adapters/sdk/outbox_positions.h"
#include "broker/base/ids.h"
#include "broker/base/result.h"
#include "broker/base/seal.h"
#include "broker/kv/kv.h"

namespace switchboard::sdk {

// Several outboxes of one client share its store. Part of the disk format.
enum class Lane : uint8_t { kPublish = 1, kActs = 2 };

class Outbox {
 public:
  struct Options {
    Lane lane = Lane::kPublish;
    uint64_t bytes_max = uint64_t{4} << 30;  // everything held, confirmed items included
    Duration resend_window = seconds(8 * 86'400);
  };
  struct Item {
    uint64_t sequence = 0;
    std::string bytes;
  };
  // One item the hub will never take, and why.
  struct Refusal {
    uint64_t sequence = 0;
    v1::Code code = v1::CODE_OK;
    std::string text;
    Time at;
  };
  enum class Level {
    kFine,
    kHalf,  // alarm: half of the bound is in use
    kFull,  // no room for one more event of the largest size: answer AR
  };
  struct Usage {
    uint64_t unconfirmed_items = 0;
    uint64_t held_bytes = 0;         // confirmed, unconfirmed and refused
    uint64_t unconfirmed_bytes = 0;  // of those, not confirmed
    uint64_t refused_items = 0;
    uint64_t bytes_max = 0;
    uint64_t dropped_early = 0;  // since start: confirmed items dropped for room, inside the window
    Level level = Level::kFine;
  };
  // When an answer came, and the position of the promise that covers it.
  struct Answered {
    // NOLINTNEXTLINE(google-explicit-constructor)
    Answered(Time when, uint64_t at = kPositionUnknown) : now(when), position(at) {}
    Time now;
    uint64_t position;
  };
  // What a recovering hub asked for; answered once, however often it is asked.
  struct Ask {
    uint64_t epoch = 0;
    uint64_t after = 0;  // what was answered beyond this position may be lost
    auto operator<=>(const Ask&) const = default;
  };

  // `kv` and `entropy` outlive this. A new store gets a random id. CODE_INVALID: another key.
  static Result<std::unique_ptr<Outbox>> open(kv::Kv& kv, const SealKey& key, Entropy& entropy,
                                              const Options& options);

  // All of `items` are durable when this returns the sequence of the first. Confirmed items make
  // room, oldest first, before anything is refused.
  Result<uint64_t> append(std::span<const std::string> items, Time now);

  // ---- a commit the owner puts together: items, and rows of its own beside them ----
  // The sequence it will have; CODE_BUSY and CODE_OVERSIZE stage nothing. Between the first and
  // commit() only these calls may come.
  Result<uint64_t> stage(std::string_view item, const OutboxIndex::Label& label, Time now);
  void stage_row(std::string_view key, std::string_view value);  // empty value: goes
  // Whether items of this size together still go into the batch; if not, commit() first.
  bool fits_staged(size_t item_bytes) const;
  bool has_room(size_t item_bytes) const;  // for items of this size together
  // Writes what is staged, all of it or nothing, or nothing at all if there is none. It is custody
  // after sync() (P1).
  Status commit();
  Status sync() { return kv_.sync(); }
  // The item of this event if it is still here and was not refused, also a staged one.
  Result<std::optional<uint64_t>> find(const Id& id) const { return index_.find(id); }
  const OutboxIndex& index() const { return index_; }
  struct Row {
    std::string key, value;
  };
  Result<std::vector<Row>> rows() const;  // all of the owner's, by key

  // From `first` on, in order, confirmed or not; at least one if there is one, else within the
  // limits. CODE_INVALID if the item at `first` is there but cannot be opened.
  Result<std::vector<Item>> read(uint64_t first, size_t items_max, size_t bytes_max) const;

  // Everything up to `through` is answered; `refused` names what of it the hub will never take.
  // Written, not synced: lost in a crash, it is asked again, and the hub knows the items.
  Status confirm(uint64_t through, std::span<const Refusal> refused, const Answered& answered);

  // A hub that lost a tail: what may lie beyond that position is unconfirmed again. Durable.
  Status resend(const Ask& ask);
  // Drops what was confirmed longer ago than the window, a bounded stretch per call.
  Status trim(Time now);

  // Refused items after sequence `after`, oldest first.
  Result<std::vector<Refusal>> refusals(uint64_t after, size_t limit) const;
  Result<std::string> refused_item(uint64_t sequence) const;  // CODE_NOT_FOUND
  Status dismiss(uint64_t sequence);                          // a person has dealt with it

  const Id& id() const { return state_.id; }
  uint64_t low() const { return state_.low; }              // the lowest it can still resend
  uint64_t confirmed() const { return state_.confirmed; }  // all up to here are answered
  uint64_t next() const { return state_.next; }            // the sequence of the next append
  Usage usage() const;

 private:
  // One row, rewritten in each batch; `*_total` are running sums of row sizes, so that what a
  // stretch holds is a difference and nothing is counted at start.
  struct State {
    Id id;
    uint64_t low = 1, confirmed = 0, next = 1;
    uint64_t low_total = 0, confirmed_total = 0, next_total = 0;
    uint64_t refused_items = 0, refused_bytes = 0;
    Ask asked;
  };
  Outbox(kv::Kv& kv, const SealKey& key, Entropy& entropy, const Options& options);

  std::string key_of(uint64_t sequence) const;
  std::string bound(uint64_t sequence) const;
  Status load();
  Status check_key(std::string_view sealed) const;
  Status write(kv::Batch& batch);
  Status check_room(uint64_t bytes) const;
  Status make_room(uint64_t bytes);
  Status drop_through(uint64_t through, size_t most);
  Status drop_lowest(kv::Batch& batch);
  Result<uint64_t> total_through(uint64_t sequence) const;
  Status keep_refused(kv::Batch& batch, const Refusal& refusal, Time now);
  Status forget_retaken(kv::Batch& batch, uint64_t through);
  Status mark(kv::Batch& batch, uint64_t first, Time now) const;
  Result<uint64_t> confirmed_since(Time since) const;
  uint64_t held() const { return state_.next_total - state_.low_total + state_.refused_bytes; }

  kv::Kv& kv_;
  SealKey key_;
  Entropy& entropy_;
  Options options_;
  State state_;
  OutboxIndex index_;
  OutboxPositions positions_;
  kv::Batch staged_;
  uint64_t dropped_early_ = 0;
};

}  // namespace switchboard::sdk
