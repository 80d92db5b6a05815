// Ordered bytes in families: what the hub writes to, and the seam a replicated journal would carry.
//
// State changes only by committing a Batch (DESIGN §4): absolute puts and deletes in our own
// encoding, at most limits::kBatchBytesMax. write() makes it visible, sync() makes all written
// batches durable; a promise is sent only after its own sync (P1). A failed write or sync is final:
// the caller sends nothing and exits, it never retries.
// Implementations: rocks_kv.h (disk), mem_kv.h (memory), faulty_kv.h (memory that fails on
// purpose), packed_kv.h (rows in pages, over one of these). Thread: write and sync from one thread
// at a time; snapshots may be read from another. A RocksKv, also under a PackedKv, may be read by
// one thread while another writes and syncs: the hub's loop and its committer do.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "broker/base/limits.h"
#include "broker/base/result.h"

namespace switchboard::kv {

// Part of the disk format: numbers are never reused.
enum class Family : uint8_t {
  kEvent = 1,      // position -> header record
  kPayload = 2,    // position -> sealed sections
  kKey = 3,        // position -> what its key is made from
  kDedupe = 4,     // event id, agency -> position, digest
  kInbox = 5,      // team, log, number -> entry
  kState = 6,      // added recipients, cursors, deliveries, due and queue rows
  kIndex = 7,      // subject, thread, identifier, source id -> position
  kDirectory = 8,  // type, id, descending position -> row
  kAudit = 9,      // first position -> block
  kMeta = 10,      // heads, losses, format
};
inline constexpr std::array kFamilies = {
    Family::kEvent, Family::kPayload, Family::kKey,       Family::kDedupe, Family::kInbox,
    Family::kState, Family::kIndex,   Family::kDirectory, Family::kAudit,  Family::kMeta};
std::string_view name(Family family);

// One commit. Encoding: header (magic "SB1\n", epoch, first, last, time_us, 32-byte previous head),
// then operations (family, 0 = put | 1 = delete, varint-prefixed key and value). See STORAGE.md.
class Batch {
 public:
  struct Header {
    uint64_t epoch = 0;
    uint64_t first = 0;  // journal positions this commit covers
    uint64_t last = 0;
    int64_t time_us = 0;
    std::array<uint8_t, 32> previous{};
  };
  enum class Op : uint8_t { kPut = 0, kDelete = 1 };

  void put(Family family, std::string_view key, std::string_view value);
  void erase(Family family, std::string_view key);
  void set_header(const Header& header) { header_ = header; }
  const Header& header() const { return header_; }
  // Room for this many bytes of operations, so that a turn's puts do not copy what is there.
  void reserve(size_t bytes) { ops_.reserve(bytes); }
  bool empty() const { return count_ == 0; }
  size_t count() const { return count_; }
  size_t bytes() const { return kHeaderBytes + ops_.size(); }
  // Carries out another batch by writing whole pages anew (packed_kv.h): may be larger than one.
  void set_rewriting() { bytes_max_ = limits::kRewritingBatchBytesMax; }
  bool oversize() const { return bytes() > bytes_max_; }
  void clear();

  // The whole batch as bytes, and back; CODE_MALFORMED if they are not a batch.
  std::string encode() const;
  static Result<Batch> decode(std::string_view bytes);

  // Calls visit(op, family, key, value) for each operation in order; value is empty for deletes.
  template <typename Visit>
  void for_each(Visit&& visit) const;

  static constexpr size_t kHeaderBytes = 4 + 8 + 8 + 8 + 8 + 32;

 private:
  // Takes one operation off the front; false at the end or at bytes that are not an operation.
  static bool take(std::string_view& in, Op& op, Family& family, std::string_view& key,
                   std::string_view& value);
  Header header_;
  std::string ops_;
  size_t count_ = 0;
  size_t bytes_max_ = limits::kBatchBytesMax;
};

template <typename Visit>
void Batch::for_each(Visit&& visit) const {
  std::string_view rest = ops_;
  Op op = Op::kPut;
  Family family = Family::kEvent;
  std::string_view key, value;
  while (take(rest, op, family, key, value)) visit(op, family, key, value);
}

// A forward scan of keys in [from, until); key() and value() stay valid until next().
class Scan {
 public:
  virtual ~Scan() = default;
  virtual bool valid() const = 0;
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  virtual void next() = 0;
  // An I/O or corruption error ends the scan early and shows here: check it after the loop.
  virtual Status status() const = 0;
};

// Reads: nothing where there is no such key; an Error only for I/O or corruption.
class Reads {
 public:
  virtual ~Reads() = default;
  virtual Result<std::optional<std::string>> get(Family family, std::string_view key) const = 0;
  virtual std::unique_ptr<Scan> scan(Family family, std::string_view from,
                                     std::string_view until) const = 0;
  // The same range from its last key backwards.
  virtual std::unique_ptr<Scan> scan_back(Family family, std::string_view from,
                                          std::string_view until) const = 0;
};

class Kv : public Reads {
 public:
  // CODE_OVERSIZE, and nothing written, for a batch over limits::kBatchBytesMax.
  virtual Status write(const Batch& batch) = 0;
  virtual Status sync() = 0;
  // Both, for a caller with nothing to do between them.
  virtual Status write_synced(const Batch& batch) {
    TRY_DO(write(batch));
    return sync();
  }
  // What is visible now, unchanged by later writes. Keep it short-lived: it pins files.
  virtual std::unique_ptr<Reads> snapshot() const = 0;
};

// The end of the range of all keys that begin with `prefix` ("" = no bound).
std::string prefix_end(std::string_view prefix);

}  // namespace switchboard::kv
