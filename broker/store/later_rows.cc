#include "broker/store/later_rows.h"

#include <algorithm>
#include <cstring>

#include "broker/base/check.h"
#include "broker/kv/kv.h"

namespace switchboard::store {

// A tag and a hash: what scans of these rows ask for (keys.cc).
static constexpr size_t kAlikeBytes = 17;

static std::string_view alike(std::string_view key) { return key.substr(0, kAlikeBytes); }

static uint64_t front_of(std::string_view key) {
  uint64_t front = 0;
  std::memcpy(&front, key.data(), std::min(key.size(), sizeof front));
  return __builtin_bswap64(front);
}

uint32_t LaterRows::first_of(std::string_view key) const {
  if (rows_.empty()) return kNone;
  return chains_[std::hash<std::string_view>()(alike(key)) & (chains_.size() - 1)];
}
uint32_t& LaterRows::chain(std::string_view key) {
  return chains_[std::hash<std::string_view>()(alike(key)) & (chains_.size() - 1)];
}

void LaterRows::grow() {
  if (rows_.size() < chains_.size()) return;
  chains_.assign(std::max<size_t>(1024, 2 * chains_.size()), kNone);
  for (uint32_t n = 0; n < rows_.size(); ++n) {
    uint32_t& first = chain(key_of(rows_[n]));
    rows_[n].next = first;
    first = n;
  }
}

void LaterRows::put(std::string_view key, std::string_view value) {
  CHECK(order_.empty() && !key.empty());
  grow();
  Row row;
  row.at = static_cast<uint32_t>(bytes_.size());
  row.key_bytes = static_cast<uint32_t>(key.size());
  row.value_bytes = static_cast<uint32_t>(value.size());
  bytes_.append(key);
  bytes_.append(value);
  uint32_t& first = chain(key);
  row.next = first;
  first = static_cast<uint32_t>(rows_.size());
  rows_.push_back(row);
  tags_[static_cast<uint8_t>(key.front())] = true;
}

std::optional<std::string_view> LaterRows::find(std::string_view key) const {
  for (uint32_t at = first_of(key); at != kNone; at = rows_[at].next) {
    if (key_of(rows_[at]) == key) return value_of(rows_[at]);
  }
  return std::nullopt;
}

bool LaterRows::may_hold(std::string_view from, std::string_view until) const {
  const size_t first = from.empty() ? 0 : static_cast<uint8_t>(from.front());
  const size_t last = until.empty() ? 255 : static_cast<uint8_t>(until.front());
  for (size_t tag = first; tag <= last; ++tag) {
    if (!tags_[tag]) continue;
    if (tag < last || until.empty() || until.size() > 1) return true;
  }
  return false;
}

void LaterRows::visit(std::string_view from, std::string_view until, const Visit& visit) const {
  if (rows_.empty() || !may_hold(from, until)) return;
  const auto in = [&](std::string_view key) {
    return key >= from && (until.empty() || key < until);
  };
  const bool one_chain =
      from.size() >= kAlikeBytes && !until.empty() && until <= kv::prefix_end(alike(from));
  if (!one_chain) {
    for (const Row& row : rows_) {
      if (in(key_of(row))) visit(key_of(row), value_of(row));
    }
    return;
  }
  std::vector<uint32_t> found;
  for (uint32_t at = first_of(from); at != kNone; at = rows_[at].next) {
    if (in(key_of(rows_[at]))) found.push_back(at);
  }
  for (auto at = found.rbegin(); at != found.rend(); ++at) {
    visit(key_of(rows_[*at]), value_of(rows_[*at]));
  }
}

void LaterRows::clear() {
  bytes_.clear();
  rows_.clear();
  std::fill(chains_.begin(), chains_.end(), kNone);
  tags_.fill(false);
  order_.clear();
  handed_out_ = 0;
}

// The newer of two with one key comes first.
bool LaterRows::is_before(const Place& a, const Place& b) const {
  if (a.front != b.front) return a.front < b.front;
  const int order = key_of(rows_[a.row]).compare(key_of(rows_[b.row]));
  return order != 0 ? order < 0 : a.row > b.row;
}

void LaterRows::sort() {
  order_.reserve(rows_.size());
  for (uint32_t n = 0; n < rows_.size(); ++n) order_.push_back({front_of(key_of(rows_[n])), n});
  std::sort(order_.begin(), order_.end(),
            [this](const Place& a, const Place& b) { return is_before(a, b); });
  const auto kept = std::unique(order_.begin(), order_.end(), [this](const auto& a, const auto& b) {
    return a.front == b.front && key_of(rows_[a.row]) == key_of(rows_[b.row]);
  });
  order_.erase(kept, order_.end());
}

bool LaterRows::slice(size_t bytes, const Visit& visit) {
  size_t used = 0;
  while (handed_out_ < order_.size() && used < bytes) {
    const Row& row = rows_[order_[handed_out_++].row];
    visit(key_of(row), value_of(row));
    used += row.key_bytes + row.value_bytes;
  }
  return handed_out_ < order_.size();
}

}  // namespace switchboard::store
