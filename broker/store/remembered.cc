#include "broker/store/remembered.h"

#include <cstring>
#include <functional>

namespace switchboard::store {

bool Remembered::is(const Row& row, kv::Family family, std::string_view key) {
  return row.family == static_cast<uint8_t>(family) && row.key_bytes == key.size() &&
         std::memcmp(row.key.data(), key.data(), key.size()) == 0;
}

Remembered::Spot Remembered::spot_of(kv::Family family, std::string_view key) {
  const size_t sets = kRows / kWays;
  const size_t hash = std::hash<std::string_view>()(key) + static_cast<size_t>(family);
  return {hash % sets * kWays, static_cast<uint16_t>(hash >> 48 | 1)};
}

void Remembered::assign(size_t place, uint16_t tag, kv::Family family, std::string_view key,
                        std::optional<std::string_view> value) {
  tags_[place] = tag;
  Row& row = rows_[place];
  row.family = static_cast<uint8_t>(family);
  row.key_bytes = static_cast<uint8_t>(key.size());
  std::memcpy(row.key.data(), key.data(), key.size());
  row.present = value.has_value();
  row.value_bytes = value ? static_cast<uint8_t>(value->size()) : uint8_t{0};
  if (value) std::memcpy(row.value.data(), value->data(), value->size());
}

size_t Remembered::place(Spot spot, kv::Family family, std::string_view key) const {
  if (key.size() > kKeyBytesMax) return kRows;
  for (size_t at = spot.set; at < spot.set + kWays; ++at) {
    if (tags_[at] == spot.tag && is(rows_[at], family, key)) return at;
  }
  return kRows;
}

std::optional<std::optional<std::string_view>> Remembered::find(kv::Family family,
                                                                std::string_view key) const {
  const size_t at = place(spot_of(family, key), family, key);
  if (at == kRows) return std::nullopt;
  const Row& row = rows_[at];
  if (!row.present) return std::optional<std::string_view>();
  return std::optional(std::string_view(row.value.data(), row.value_bytes));
}

void Remembered::expect(kv::Family family, std::string_view key) const {
  constexpr size_t kLineBytes = 64;
  const size_t set = spot_of(family, key).set;
  __builtin_prefetch(&tags_[set]);
  const char* rows = reinterpret_cast<const char*>(&rows_[set]);
  for (size_t at = 0; at < kWays * sizeof(Row); at += kLineBytes) __builtin_prefetch(rows + at);
}

void Remembered::keep(kv::Family family, std::string_view key,
                      std::optional<std::string_view> value) {
  if (key.size() > kKeyBytesMax || (value && value->size() > kValueBytesMax)) return;
  const Spot spot = spot_of(family, key);
  size_t into = place(spot, family, key);
  for (size_t at = spot.set; into == kRows && at < spot.set + kWays; ++at) {
    if (tags_[at] == 0) into = at;
  }
  if (into == kRows) into = spot.set + turn_++ % kWays;
  assign(into, spot.tag, family, key, value);
}

void Remembered::update(kv::Family family, std::string_view key,
                        std::optional<std::string_view> value) {
  const Spot spot = spot_of(family, key);
  const size_t at = place(spot, family, key);
  if (at == kRows) return;
  if (value && value->size() > kValueBytesMax) {
    tags_[at] = 0;
    return;
  }
  assign(at, spot.tag, family, key, value);
}

void Remembered::forget(kv::Family family, std::string_view key) {
  const size_t at = place(spot_of(family, key), family, key);
  if (at != kRows) tags_[at] = 0;
}

}  // namespace switchboard::store
