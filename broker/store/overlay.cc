#include "broker/store/overlay.h"

#include <algorithm>

namespace switchboard::store {

static size_t hash_of(kv::Family family, std::string_view key) {
  return std::hash<std::string_view>()(key) * 16 + static_cast<size_t>(family);
}

std::optional<std::string_view> Overlay::value_of(const Row& row) const {
  if (!row.present) return std::nullopt;
  return std::string_view(bytes_).substr(row.at + row.key_bytes, row.value_bytes);
}

size_t Overlay::slot(size_t hash, kv::Family family, std::string_view key) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = (hash ^ hash >> 32) & mask;; at = (at + 1) & mask) {
    if (slots_[at] == 0) return at;
    const Row& row = rows_[slots_[at] - 1];
    if (row.hash == hash && row.family == family && key_of(row) == key) return at;
  }
}

// Half of the slots stay free, so that a search is short.
void Overlay::grow() {
  if (2 * (rows_.size() + 1) <= slots_.size()) return;
  slots_.assign(std::max<size_t>(1024, 2 * slots_.size()), 0);
  for (size_t n = 0; n < rows_.size(); ++n) {
    slots_[slot(rows_[n].hash, rows_[n].family, key_of(rows_[n]))] = static_cast<uint32_t>(n + 1);
  }
}

void Overlay::put(kv::Family family, std::string_view key, std::optional<std::string_view> value) {
  grow();
  Row row;
  row.hash = hash_of(family, key);
  row.family = family;
  row.at = bytes_.size();
  row.key_bytes = static_cast<uint32_t>(key.size());
  row.value_bytes = value ? static_cast<uint32_t>(value->size()) : 0;
  row.present = value.has_value();
  const size_t at = slot(row.hash, family, key);
  bytes_.append(key);
  if (value) bytes_.append(*value);
  if (slots_[at] != 0) {
    rows_[slots_[at] - 1] = row;
    return;
  }
  rows_.push_back(row);
  slots_[at] = static_cast<uint32_t>(rows_.size());
}

Overlay::Found Overlay::find(kv::Family family, std::string_view key) const {
  if (rows_.empty()) return {};
  const size_t at = slot(hash_of(family, key), family, key);
  if (slots_[at] == 0) return {};
  return {true, value_of(rows_[slots_[at] - 1])};
}

void Overlay::for_each(
    kv::Family family,
    const std::function<void(std::string_view key, std::optional<std::string_view> value)>& visit)
    const {
  for (const Row& row : rows_) {
    if (row.family == family) visit(key_of(row), value_of(row));
  }
}

void Overlay::clear() {
  bytes_.clear();
  rows_.clear();
  std::fill(slots_.begin(), slots_.end(), 0);
}

}  // namespace switchboard::store
