// The one way state changes: a pending batch over what is committed.
//
// Reads see what this turn wrote, below it the batch that is on its way, and below that the store.
// A read that fails is sticky: the turn must not be committed and the process exits (P1: nothing is
// answered from a guess).
// Not here: what rows mean (the other headers of store). Thread: the loop.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "broker/base/result.h"
#include "broker/kv/kv.h"
#include "broker/store/later_rows.h"
#include "broker/store/overlay.h"
#include "broker/store/remembered.h"

namespace switchboard::store {

class Journal : public kv::Reads {
 public:
  explicit Journal(const kv::Kv& kv) : kv_(kv) {}

  // Read back in the same turn by get(), e.g. dedupe and index rows.
  void put(kv::Family family, std::string_view key, std::string_view value);
  void erase(kv::Family family, std::string_view key);
  // Appended and not read back before it is in the store, e.g. cursors: spares the look-up table.
  // Only a payload is found, and slowly, while its batch is on its way.
  void append(kv::Family family, std::string_view key, std::string_view value);
  // For index rows with random keys that can be made again from others: kept in memory, seen by
  // every read, and written in one sorted run, as they are dear one by one (adr/0010).
  void put_later(std::string_view key, std::string_view value);
  size_t later_bytes() const { return later_.bytes(); }
  // What was put so far becomes a run. CHECK: none is being written.
  void begin_run(uint64_t through);
  bool writing_run() const { return !run_.empty(); }
  // Puts the next rows of the run into this turn's batch, about so many bytes; the last thing a
  // turn does with them. With the last of them, what the run is complete through.
  std::optional<uint64_t> write_run(size_t bytes);

  Result<std::optional<std::string>> get(kv::Family family, std::string_view key) const override;
  // For rows that many events ask for: the answer is kept for the next time.
  Result<std::optional<std::string>> get_remembered(kv::Family family, std::string_view key);
  // A note on the index rows whose keys are a tag and `about` (16 bytes): forgotten at any time,
  // and at once when one of them is written. The view lasts until the next write, read or note.
  std::optional<std::string_view> note(std::string_view about) const;
  void set_note(std::string_view about, std::string_view note);
  // A note() of it comes soon.
  void expect_note(std::string_view about) const { remembered_.expect(kv::Family::kIndex, about); }
  // Scans see stored rows and those of put() and erase(), not those of append().
  std::unique_ptr<kv::Scan> scan(kv::Family family, std::string_view from,
                                 std::string_view until) const override;
  std::unique_ptr<kv::Scan> scan_back(kv::Family family, std::string_view from,
                                      std::string_view until) const override;

  // The earliest deadline a row was added for since this was last asked: one may be in the past,
  // and whoever scans deadlines from a floor must look there again.
  void added_due(int64_t at_us) { lowest_due_us_ = std::min(lowest_due_us_, at_us); }
  int64_t lowest_due_us() const { return lowest_due_us_; }
  int64_t take_lowest_due_us() { return std::exchange(lowest_due_us_, INT64_MAX); }

  // Unwraps a read; an error becomes the sticky failure and reads as "nothing".
  template <typename T>
  std::optional<T> take(Result<std::optional<T>> result) {
    if (result.ok()) return std::move(result).value();
    fail(result.error());
    return std::nullopt;
  }
  template <typename T>
  T take_or_default(Result<T> result) {
    if (result.ok()) return std::move(result).value();
    fail(result.error());
    return T{};
  }
  void fail(const Error& error);
  const std::optional<Error>& failure() const { return failure_; }

  kv::Batch& pending() { return pending_.batch; }
  const kv::Batch& pending() const { return pending_.batch; }
  // After the batch has been written: reads go to the store again.
  void written() { pending_.clear(); }

  // Somebody else writes the pending batch while the next is made: reads go on seeing its rows.
  // One at a time (CHECK); it stays as it is until landed(), called when it is in the store.
  const kv::Batch& hand_over();
  void landed() { leaving_.clear(); }

 private:
  using Rows = std::map<std::string, std::optional<std::string>>;
  // A batch, and those of its rows that may be read back before they are in the store.
  struct Written {
    kv::Batch batch;
    Overlay rows;
    LaterRows run;  // whose last rows are in the batch
    void clear();
  };
  std::optional<std::string_view> find_later(std::string_view key) const;
  void remember_written(std::string_view key, std::optional<std::string_view> value);
  Rows pending_rows(kv::Family family, std::string_view from, std::string_view until) const;
  const kv::Kv& kv_;
  Written pending_;
  Written leaving_;
  LaterRows later_;
  LaterRows run_;  // being written, a slice in each turn
  uint64_t run_through_ = 0;
  Remembered remembered_;
  std::optional<Error> failure_;
  int64_t lowest_due_us_ = INT64_MAX;
};

}  // namespace switchboard::store
