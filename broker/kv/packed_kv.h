// A Kv over another, in which consecutive rows of a batch lie together in pages (page.h, adr/0019).
//
// write() turns each run of rows with a common front into one physical row, as writing and reading
// cost RocksDB by the row. Everything else is as with single rows: any key may be put, changed or
// erased in any order; a row inside a page has its page rewritten without what it was. The
// batch stays the logical one (the seam); how rows lie is of this disk only.
// Owns: the last key of groups it wrote to lately. Thread: as kv.h says; one snapshot is read by
// one thread at a time. Fails: as the Kv below, which must outlive it and be written by nobody
// else.
#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "broker/kv/kv.h"
#include "broker/kv/packed_scan.h"

namespace switchboard::kv {

class PackedKv final : public Kv {
 public:
  // At most one packing for each family; borrowed.
  PackedKv(Kv& below, std::span<const Packing> packings);

  Status write(const Batch& batch) override;
  Status sync() override { return below_.sync(); }
  // get() keeps the page it read last of each family: for reads in about the order of keys.
  std::unique_ptr<Reads> snapshot() const override;
  Result<std::optional<std::string>> get(Family family, std::string_view key) const override;
  std::unique_ptr<Scan> scan(Family family, std::string_view from,
                             std::string_view until) const override;
  std::unique_ptr<Scan> scan_back(Family family, std::string_view from,
                                  std::string_view until) const override;

  // Groups whose last key is remembered, of one family (P11).
  static constexpr size_t kTailsMax = 4096;

 private:
  class View;
  using Packings = std::array<const Packing*, kFamilies.size()>;
  struct Change {
    std::string_view key;
    std::optional<std::string_view> value;  // nothing: erased
  };
  // What a batch does to the keys of one group.
  struct Group {
    const Packing* packing = nullptr;
    std::string_view prefix;
    std::vector<Change> changes;
    bool sorted = true;
  };
  using Tails = std::map<std::string, std::string, std::less<>>;

  const Packing* packing(Family family, std::string_view key) const;
  void collect(const Batch& batch);
  Group& group(const Packing& packing, std::string_view key);
  Status write_group(Group& group);
  // The last key of the group on disk; "" if it has none.
  Result<std::string> find_tail(const Group& group) const;
  Status change_pages(const Packing& packing, std::span<const Change> changes);
  void change_page(const Packing& packing, const Page& page, std::span<const Change> changes);
  void append(const Packing& packing, std::span<const Change> changes);
  void put_pages(const Packing& packing, std::span<const PageRow> rows);

  Kv& below_;
  const Packings packings_;
  std::array<Tails, kFamilies.size()> tails_;  // by a group's first bytes; never too low
  // Of the batch being written; kept for their memory.
  Batch physical_;
  std::vector<Group> groups_;
  size_t used_groups_ = 0;
  size_t last_group_ = 0;
  std::array<std::unordered_map<std::string_view, size_t>, kFamilies.size()> group_of_;
  std::vector<PageRow> rows_;
  std::string page_;
};

}  // namespace switchboard::kv
