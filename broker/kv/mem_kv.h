// The same ordered bytes in memory, with a disk's durability: for the simulation and for tests.
//
// Owns: what was written, and how to undo what was not synced. crash() is the power cut: it undoes
// the batches since the last sync; the object is then the disk that the next process opens.
// Snapshots and scans share a family's map; a write to a shared map copies it first.
// Thread: as kv.h says. A snapshot may outlive its MemKv. Never fails but for an oversize batch.
#pragma once

#include <atomic>
#include <map>
#include <vector>

#include "broker/kv/kv.h"

namespace switchboard::kv {

class MemKv final : public Kv {
 public:
  MemKv();
  MemKv(const MemKv&) = delete;
  MemKv& operator=(const MemKv&) = delete;

  Status write(const Batch& batch) override;
  Status sync() override;
  std::unique_ptr<Reads> snapshot() const override;
  Result<std::optional<std::string>> get(Family family, std::string_view key) const override;
  std::unique_ptr<Scan> scan(Family family, std::string_view from,
                             std::string_view until) const override;
  std::unique_ptr<Scan> scan_back(Family family, std::string_view from,
                                  std::string_view until) const override;

  // Batches that are visible but not durable.
  size_t unsynced() const { return undo_.size(); }
  // Power cut. The disk may have got the first `keep` of the unsynced batches all the same (it
  // keeps no later batch without the earlier ones); the rest is gone, the kept ones are durable.
  void crash(size_t keep = 0);
  // Another disk with what a power cut now would leave; this one is not touched.
  std::unique_ptr<MemKv> durable_copy() const;

 private:
  using Map = std::map<std::string, std::string, std::less<>>;
  // shared_ptr, and a count of our own: snapshots on another thread keep a map alive, and
  // use_count() does not order their last read before our write in place.
  struct Rows {
    Map map;
    std::atomic<int> readers{0};
  };
  class Pin;
  class View;
  class Cursor;
  struct Change {
    Family family;
    std::string key;
    std::optional<std::string> before;
  };
  using Changes = std::vector<Change>;

  const std::shared_ptr<Rows>& rows(Family family) const;
  Map& writable(Family family);
  // Sets or removes one row; returns what was there.
  std::optional<std::string> set(Family family, std::string_view key,
                                 std::optional<std::string_view> value);

  std::array<std::shared_ptr<Rows>, kFamilies.size()> families_;
  std::vector<Changes> undo_;  // one per unsynced batch, oldest first
};

}  // namespace switchboard::kv
