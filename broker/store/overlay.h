// What a turn has written and may read back: rows by family and key, the newest value of each.
//
// Owns: copies of keys and values, in one piece of memory that is used again turn after turn, as
// every row of every event passes through here. Thread: the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/kv/kv.h"

namespace switchboard::store {

class Overlay {
 public:
  // No value: deleted.
  void put(kv::Family family, std::string_view key, std::optional<std::string_view> value);
  struct Found {
    bool here = false;
    std::optional<std::string_view> value;
  };
  // The view lasts until the next put() or clear().
  Found find(kv::Family family, std::string_view key) const;
  // Rows of a family, in no order.
  void for_each(kv::Family family,
                const std::function<void(std::string_view key,
                                         std::optional<std::string_view> value)>& visit) const;
  bool empty() const { return rows_.empty(); }
  size_t bytes() const { return bytes_.size(); }
  void clear();

 private:
  struct Row {
    size_t hash = 0;
    size_t at = 0;  // in bytes_: key, then value
    uint32_t key_bytes = 0;
    uint32_t value_bytes = 0;
    kv::Family family = kv::Family::kEvent;
    bool present = false;
  };
  std::string_view key_of(const Row& row) const {
    return std::string_view(bytes_).substr(row.at, row.key_bytes);
  }
  std::optional<std::string_view> value_of(const Row& row) const;
  // Where the key's row number stands, or would: an index into slots_.
  size_t slot(size_t hash, kv::Family family, std::string_view key) const;
  void grow();

  std::string bytes_;
  std::vector<Row> rows_;
  std::vector<uint32_t> slots_;  // row number + 1, or 0; a power of two of them
};

}  // namespace switchboard::store
