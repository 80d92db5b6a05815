// Short rows read a moment ago, present or absent, so that the next read of them costs no look-up
// in the store: which subject an identifier has, which teams have the child.
//
// Owns: a table of fixed size (P11); a newcomer takes the place of an older row of its set. The
// journal tells it of every write, so it never differs from what a read would find. Rows that are
// too long are not kept. Thread: the loop.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/kv/kv.h"

namespace switchboard::store {

class Remembered {
 public:
  static constexpr size_t kKeyBytesMax = 17;
  static constexpr size_t kValueBytesMax = 20;
  static constexpr size_t kRows = size_t{1} << 17;  // about 5 MiB

  // Nothing: not known here. An empty inner optional: known to be absent. The view lasts until
  // the next keep() or update().
  std::optional<std::optional<std::string_view>> find(kv::Family family,
                                                      std::string_view key) const;
  // A find() of it comes soon: what it will look at is fetched from memory meanwhile.
  void expect(kv::Family family, std::string_view key) const;
  void keep(kv::Family family, std::string_view key, std::optional<std::string_view> value);
  // A write: changes or forgets the row if it is kept.
  void update(kv::Family family, std::string_view key, std::optional<std::string_view> value);
  void forget(kv::Family family, std::string_view key);

 private:
  struct Row {
    uint8_t family = 0;
    uint8_t key_bytes = 0;
    uint8_t value_bytes = 0;
    bool present = false;
    std::array<char, kKeyBytesMax> key;
    std::array<char, kValueBytesMax> value;
  };
  static constexpr size_t kWays = 4;
  // Where a key may be: the first place of its set, and what its tag is there.
  struct Spot {
    size_t set = 0;
    uint16_t tag = 0;
  };
  static Spot spot_of(kv::Family family, std::string_view key);
  static bool is(const Row& row, kv::Family family, std::string_view key);
  void assign(size_t place, uint16_t tag, kv::Family family, std::string_view key,
              std::optional<std::string_view> value);
  // kRows if it is not kept.
  size_t place(Spot spot, kv::Family family, std::string_view key) const;

  // Tags are small enough to stay near the processor; a row is looked at only if its tag fits.
  std::vector<uint16_t> tags_ = std::vector<uint16_t>(kRows);  // 0: an empty place
  std::vector<Row> rows_ = std::vector<Row>(kRows);
  uint32_t turn_ = 0;  // which way of a full set is given up next
};

}  // namespace switchboard::store
