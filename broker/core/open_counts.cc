#include "broker/core/open_counts.h"

#include "broker/core/ladder.h"
#include "broker/store/records.h"

namespace switchboard::core {

// Numbers that a turn looks at to find the next one that is open: each is passed once in its life.
static constexpr uint64_t kStrideMax = 256;

Waits waits(v1::Attention asked, const v1::DeliveryRecord* record) {
  if (record == nullptr) return {asked == v1::ATTENTION_ACT, false};
  const v1::Attention now =
      record->attention() == v1::ATTENTION_UNSPECIFIED ? asked : record->attention();
  const v1::DeliveryState state = state_of(*record);
  const bool open = now == v1::ATTENTION_ACT && !ended(state);
  return {open, open && record->overdue_level() > 0 && state < v1::DELIVERY_STATE_ACKNOWLEDGED};
}

Status OpenCounts::load(const kv::Reads& reads, const Directory& directory, uint64_t epoch) {
  TRY(const uint64_t counted, store::read_counted_epoch(reads));
  for (const auto& [id, team] : directory.teams()) {
    if (counted != epoch) {
      count(reads, team.row.handle());
      continue;
    }
    const auto row = store::read_open_count(reads, team.row.handle());
    if (!row.ok()) {
      count(reads, team.row.handle());
    } else if (*row) {
      counts_[team.row.handle()] = **row;
    }
  }
  return ok();
}

// What cannot be read stands open: the hub goes on without it (damage.h) and nobody may forget it.
void OpenCounts::count(const kv::Reads& reads, store::TeamHandle team) {
  changed_.insert(team);
  counts_[team] = {};
  const store::LogId log{team, store::Log::kInbox};
  const auto rows =
      reads.scan(kv::Family::kInbox, store::key::inbox(log, 1), store::key::inbox(log, UINT64_MAX));
  for (; rows->valid(); rows->next()) {
    const auto entry = store::decode_entry(rows->value());
    if (!entry || entry->type != v1::ENTRY_TYPE_DELIVERY) continue;
    const uint64_t number = store::key::trailing_u64(rows->key());
    const auto record = store::read_delivery(reads, team, number);
    const Waits its = waits(entry->attention, record.ok() && *record ? &**record : nullptr);
    if (its.open) add(team, number, its);
  }
}

void OpenCounts::begin_epoch(store::Journal& journal, uint64_t epoch) {
  store::write_counted_epoch(journal, epoch);
}

void OpenCounts::add(store::TeamHandle team, uint64_t number, Waits waits) {
  store::OpenCount& count = counts_[team];
  if (count.open == 0 || number < count.first) count.first = number;
  ++count.open;
  count.overdue += waits.overdue;
  changed_.insert(team);
}

void OpenCounts::delivered(store::TeamHandle team, uint64_t number, v1::Attention asked) {
  if (asked == v1::ATTENTION_ACT) add(team, number, {true, false});
}

void OpenCounts::moved(store::Journal& journal, store::TeamHandle team, uint64_t number,
                       Waits before, Waits after) {
  if (before.open == after.open && before.overdue == after.overdue) return;
  if (!before.open) return add(team, number, after);
  store::OpenCount& count = counts_[team];
  changed_.insert(team);
  if (before.overdue != after.overdue) after.overdue ? ++count.overdue : --count.overdue;
  if (after.open) return;
  --count.open;
  if (number == count.first) count.first = number + 1;
  if (count.open > 0) raise_first(journal, team);
}

// A row that cannot be read stops it: the floor may be too low, never too high.
void OpenCounts::raise_first(const kv::Reads& reads, store::TeamHandle team) {
  uint64_t& first = counts_[team].first;
  const store::LogId log{team, store::Log::kInbox};
  const auto rows = reads.scan(kv::Family::kInbox, store::key::inbox(log, first),
                               store::key::inbox(log, first + kStrideMax));
  for (; rows->valid(); rows->next()) {
    const auto entry = store::decode_entry(rows->value());
    if (!entry) return;
    const uint64_t number = store::key::trailing_u64(rows->key());
    if (entry->type == v1::ENTRY_TYPE_DELIVERY) {
      const auto record = store::read_delivery(reads, team, number);
      if (!record.ok() || waits(entry->attention, *record ? &**record : nullptr).open) {
        first = number;
        return;
      }
    }
    first = number + 1;
  }
}

void OpenCounts::write(store::Journal& journal) {
  for (const store::TeamHandle team : changed_) {
    store::write_open_count(journal, team, counts_[team]);
  }
  changed_.clear();
}

}  // namespace switchboard::core
