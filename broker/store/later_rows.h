// Index rows that are written later, many at once and in order (adr/0010): found by key meanwhile,
// or by the hash that a key begins with.
//
// Owns: copies of keys and values, in one piece of memory. Rows are added, never taken out one by
// one; of two with one key the newer counts. Thread: the loop.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::store {

class LaterRows {
 public:
  using Visit = std::function<void(std::string_view key, std::string_view value)>;

  void put(std::string_view key, std::string_view value);
  // The view lasts until the next put() or clear().
  std::optional<std::string_view> find(std::string_view key) const;
  // Rows of keys in [from, until), in no order but the newer of two with one key later. Quick where
  // all of them begin with one hash, or with a tag that no row has.
  void visit(std::string_view from, std::string_view until, const Visit& visit) const;
  // Of keys and values.
  size_t bytes() const { return bytes_.size(); }
  bool empty() const { return rows_.empty(); }
  void clear();

  // No put() from here on. Then slice() hands them out in order of their keys, each key once, at
  // least one row and about so many bytes each time; false: these were the last.
  void sort();
  bool slice(size_t bytes, const Visit& visit);

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Row {
    uint32_t at = 0;  // in bytes_: key, then value
    uint32_t value_bytes = 0;
    uint32_t key_bytes = 0;
    uint32_t next = kNone;  // the next older row whose key begins alike
  };
  std::string_view key_of(const Row& row) const {
    return std::string_view(bytes_).substr(row.at, row.key_bytes);
  }
  std::string_view value_of(const Row& row) const {
    return std::string_view(bytes_).substr(row.at + row.key_bytes, row.value_bytes);
  }
  // A row's place in the order. The first bytes of keys decide nearly every comparison.
  struct Place {
    uint64_t front = 0;
    uint32_t row = 0;
  };
  bool is_before(const Place& a, const Place& b) const;
  uint32_t& chain(std::string_view key);
  uint32_t first_of(std::string_view key) const;
  bool may_hold(std::string_view from, std::string_view until) const;
  void grow();

  std::string bytes_;
  std::vector<Row> rows_;
  std::vector<uint32_t> chains_;  // the newest row of each; a power of two of them
  std::array<bool, 256> tags_{};  // first bytes of keys
  std::vector<Place> order_;      // of sort()
  size_t handed_out_ = 0;
};

}  // namespace switchboard::store
