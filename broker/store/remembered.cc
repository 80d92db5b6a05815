#include "broker/store/remembered.h"

#include <cstring>
#include <functional>

namespace switchboard::store {

bool Remembered::is(const Row& row, kv::Family family, std::string_view key) {
  return row.family == static_cast<uint8_t>(family) && row.key_bytes == key.size() &&
         std::memcmp(row.key.data(), key.data(), key.size()) == 0;
}

size_t Remembered::set_of(kv::Family family, std::string_view key) {
  const size_t sets = kRows / kWays;
  return (std::hash<std::string_view>()(key) + static_cast<size_t>(family)) % sets * kWays;
}

void Remembered::assign(Row& row, kv::Family family, std::string_view key,
                        std::optional<std::string_view> value) {
  row.family = static_cast<uint8_t>(family);
  row.key_bytes = static_cast<uint8_t>(key.size());
  std::memcpy(row.key.data(), key.data(), key.size());
  row.present = value.has_value();
  row.value_bytes = value ? static_cast<uint8_t>(value->size()) : uint8_t{0};
  if (value) std::memcpy(row.value.data(), value->data(), value->size());
}

const Remembered::Row* Remembered::place(kv::Family family, std::string_view key) const {
  if (key.size() > kKeyBytesMax) return nullptr;
  const Row* set = rows_.data() + set_of(family, key);
  for (size_t way = 0; way < kWays; ++way) {
    if (is(set[way], family, key)) return set + way;
  }
  return nullptr;
}

std::optional<std::optional<std::string>> Remembered::find(kv::Family family,
                                                           std::string_view key) const {
  const Row* row = place(family, key);
  if (row == nullptr) return std::nullopt;
  if (!row->present) return std::optional<std::string>();
  return std::optional<std::string>(std::in_place, row->value.data(), row->value_bytes);
}

void Remembered::keep(kv::Family family, std::string_view key,
                      std::optional<std::string_view> value) {
  if (key.size() > kKeyBytesMax || (value && value->size() > kValueBytesMax)) return;
  Row* set = rows_.data() + set_of(family, key);
  Row* into = nullptr;
  for (size_t way = 0; way < kWays; ++way) {
    if (is(set[way], family, key)) return assign(set[way], family, key, value);
    if (into == nullptr && set[way].family == 0) into = set + way;
  }
  if (into == nullptr) into = set + turn_++ % kWays;
  assign(*into, family, key, value);
}

void Remembered::update(kv::Family family, std::string_view key,
                        std::optional<std::string_view> value) {
  const Row* known = place(family, key);
  if (known == nullptr) return;
  Row& row = rows_[static_cast<size_t>(known - rows_.data())];
  if (value && value->size() > kValueBytesMax) {
    row = Row();
    return;
  }
  assign(row, family, key, value);
}

}  // namespace switchboard::store
