#include "adapters/sdk/outbox_positions.h"

#include <algorithm>

#include "broker/base/bytes.h"

namespace switchboard::sdk {

// A row for so many items: that many too many are sent again, at most.
static constexpr uint64_t kStretchItems = 256;
static constexpr size_t kTrimRows = 512;
static constexpr auto kFamily = kv::Family::kAudit;

uint64_t covering(const v1::Promise& promise) {
  return promise.epoch() == 0 ? kPositionUnknown : promise.position();
}

std::string OutboxPositions::key(uint64_t first) const {
  std::string key(1, static_cast<char>(lane_));
  put_u64(key, first);
  return key;
}

static Result<uint64_t> position_of(std::string_view row) {
  if (row.size() != 8)
    return error(v1::CODE_INTERNAL, "a row of the outbox's positions is damaged");
  return get_u64(row);
}

Status OutboxPositions::load() {
  TRY(newest_, newest_before(UINT64_MAX));
  return ok();
}

Result<std::optional<OutboxPositions::Stretch>> OutboxPositions::newest_before(
    uint64_t sequence) const {
  const auto rows = reads_.scan_back(kFamily, key(0), key(sequence));
  TRY_DO(rows->status());
  if (!rows->valid()) return std::optional<Stretch>{};
  TRY(const uint64_t position, position_of(rows->value()));
  return std::optional(Stretch{get_u64(rows->key().substr(1)), position});
}

void OutboxPositions::confirmed(kv::Batch& batch, uint64_t first, uint64_t position) {
  if (!newest_ || first - newest_->first >= kStretchItems) newest_ = Stretch{first, 0};
  newest_->position = std::max(newest_->position, position);
  std::string value;
  put_u64(value, newest_->position);
  batch.put(kFamily, key(newest_->first), value);
}

Result<uint64_t> OutboxPositions::first_beyond(uint64_t position, uint64_t low,
                                               uint64_t confirmed) const {
  bool covered = false;  // some row begins at or before `low`
  const auto rows = reads_.scan(kFamily, key(0), key(confirmed + 1));
  for (; rows->valid(); rows->next()) {
    const uint64_t first = get_u64(rows->key().substr(1));
    if (first > low && !covered) return low;
    covered = true;
    TRY(const uint64_t through, position_of(rows->value()));
    // P1: one too many is a duplicate that the hub knows, one too few is a loss.
    if (through > position) return std::max(low, first);
  }
  TRY_DO(rows->status());
  return covered ? confirmed + 1 : std::min(low, confirmed + 1);
}

Status OutboxPositions::forget_from(kv::Batch& batch, uint64_t first) {
  const auto rows = reads_.scan(kFamily, key(first), key(UINT64_MAX));
  for (; rows->valid(); rows->next()) batch.erase(kFamily, rows->key());
  TRY_DO(rows->status());
  TRY(newest_, newest_before(first));
  return ok();
}

Status OutboxPositions::trim(kv::Batch& batch, uint64_t low) const {
  std::string before;  // its stretch ends where the next one begins
  const auto rows = reads_.scan(kFamily, key(0), key(low + 1));
  for (size_t i = 0; rows->valid() && i < kTrimRows; rows->next(), ++i) {
    if (!before.empty()) batch.erase(kFamily, before);
    before = rows->key();
  }
  return rows->status();
}

}  // namespace switchboard::sdk
