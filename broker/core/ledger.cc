#include "broker/core/ledger.h"

#include <algorithm>

#include "broker/base/kind_counts.h"
#include "broker/base/limits.h"

namespace switchboard::core {
namespace {

constexpr size_t kRowsRemembered = 4096;
constexpr size_t kErasedPerCommit = 256;
constexpr Duration kAhead = seconds(86400);  // how far a sender's clock is believed to be ahead

void add(v1::LedgerRecord& record, v1::Code code, const Ledger::Taken& taken) {
  switch (code) {
    case v1::CODE_OK:
      count_kind(*record.mutable_kinds(), taken.kind, taken.child);
      return record.set_accepted(record.accepted() + 1);
    case v1::CODE_DUPLICATE:
      return record.set_duplicate(record.duplicate() + 1);
    case v1::CODE_QUARANTINED:
      return record.set_quarantined(record.quarantined() + 1);
    default:
      return record.set_refused(record.refused() + 1);
  }
}

// A stretch that was passed over is remembered, so that it is counted when it comes. Past the bound
// the oldest stretch is given up: its items count as if they had been.
void pass_over(v1::OutboxRecord& record, uint64_t first, uint64_t last) {
  auto& gaps = *record.mutable_gaps();
  gaps.Add(first);
  gaps.Add(last);
  if (gaps.size() > static_cast<int>(2 * limits::kOutboxGapsMax)) {
    gaps.erase(gaps.begin(), gaps.begin() + 2);
  }
}

// False: the sequence is in none of the stretches.
bool fill_gap(v1::OutboxRecord& record, uint64_t sequence) {
  v1::OutboxRecord left;
  bool found = false;
  for (int i = 0; i + 1 < record.gaps_size(); i += 2) {
    const uint64_t first = record.gaps(i);
    const uint64_t last = record.gaps(i + 1);
    if (sequence < first || sequence > last) {
      pass_over(left, first, last);
      continue;
    }
    found = true;
    if (first < sequence) pass_over(left, first, sequence - 1);
    if (sequence < last) pass_over(left, sequence + 1, last);
  }
  if (found) record.mutable_gaps()->Swap(left.mutable_gaps());
  return found;
}

// Is this the first time that the sequence is counted? Then it is from now on.
bool first_time(v1::OutboxRecord& record, uint64_t sequence) {
  const uint64_t through = record.counted_through();
  if (sequence <= through) return record.gaps_size() > 0 && fill_gap(record, sequence);
  if (sequence > through + 1) pass_over(record, through + 1, sequence - 1);
  record.set_counted_through(sequence);
  return true;
}

}  // namespace

Status Ledger::load(const kv::Reads& reads) {
  TRY(auto outboxes, store::read_outboxes(reads));
  for (auto& outbox : outboxes) {
    const std::string principal = outbox.record.principal();
    outboxes_[principal][outbox.id].record = std::move(outbox.record);
  }
  return ok();
}

void Ledger::count(store::Journal& journal, const v1::PrincipalRow& who, const OutboxItem& at,
                   const Taken& taken, v1::Code code, Time now) {
  Outbox& from = outbox(journal, who, at.outbox);
  if (!first_time(from.record, at.sequence)) return;
  if (!from.moved) outboxes_moved_.emplace_back(at.outbox, &from);
  from.moved = true;
  // A probe is passed and counted nowhere: its source has not said anything.
  if (taken.bucket == v1::LEDGER_BUCKET_UNSPECIFIED) return;
  from.record.set_counted_us(now.us);
  Row& line = row(journal, who, taken.bucket, day_of(taken.at_us, now));
  add(line.record, code, taken);
  if (!line.moved) rows_moved_.emplace_back(&rows_.find(last_.key)->first, &line);
  line.moved = true;
  ++counted_;
}

Ledger::Outbox& Ledger::outbox(store::Journal& journal, const v1::PrincipalRow& who,
                               std::string_view id) {
  if (last_.outbox != nullptr && last_.outbox_id == id && last_.principal == who.id()) {
    return *last_.outbox;
  }
  Outboxes& known = outboxes_[who.id()];
  auto it = known.find(id);
  if (it == known.end()) {
    if (known.size() >= limits::kOutboxesRememberedMax) forget_oldest(journal, who.id(), known);
    it = known.emplace(std::string(id), Outbox{}).first;
    it->second.record.set_principal(who.id());
  }
  last_.principal = who.id();
  last_.outbox_id = id;
  last_.outbox = &it->second;
  return it->second;
}

// One that is in use moved lately, so it is not the one that goes.
void Ledger::forget_oldest(store::Journal& journal, const std::string& principal, Outboxes& known) {
  const auto oldest =
      std::min_element(known.begin(), known.end(), [](const auto& a, const auto& b) {
        return a.second.record.counted_us() < b.second.record.counted_us();
      });
  store::forget_outbox(journal, principal, oldest->first);
  std::erase_if(outboxes_moved_,
                [&](const auto& moved) { return moved.second == &oldest->second; });
  last_ = {};
  known.erase(oldest);
}

Time believed_taken(int64_t taken_us, Time now) {
  const int64_t us = taken_us == 0 ? now.us : std::min(taken_us, (now + kAhead).us);
  return {std::max(us, now.us - int64_t{limits::kLedgerDaysMax - 1} * seconds(86400).us)};
}

// A sender's clock is not ours.
Day Ledger::day_of(int64_t at_us, Time now) {
  const int64_t us = believed_taken(at_us, now).us;
  if (us < day_begins_us_ || us >= day_ends_us_) {
    day_ = london_day({us});
    day_begins_us_ = london_midnight(day_).us;
    day_ends_us_ = london_midnight({day_.number + 1}).us;
  }
  return day_;
}

Ledger::Row& Ledger::row(store::Journal& journal, const v1::PrincipalRow& who,
                         v1::LedgerBucket bucket, Day day) {
  auto& key = last_.key;
  const bool same = last_.row != nullptr && key.day == day && key.bucket == bucket &&
                    key.agency == who.agency() && key.system == who.system();
  if (same) return *last_.row;
  key = {day, bucket, who.agency(), who.system()};
  const auto [it, fresh] = rows_.try_emplace(key);
  if (fresh) it->second.record = journal.take_or_default(store::read_ledger(journal, key));
  last_.row = &it->second;
  return it->second;
}

void Ledger::write(store::Journal& journal, Audit& audit, Time now) {
  if (!changed()) return;
  for (const auto& [id, outbox] : outboxes_moved_) {
    store::write_outbox(journal, id, outbox->record);
    outbox->moved = false;
  }
  for (const auto& [key, row] : rows_moved_) {
    store::write_ledger(journal, *key, row->record);
    row->moved = false;
  }
  audit.next(v1::AUDIT_KIND_COUNTED).set_number(counted_);
  erase_old_days(journal, now);
  outboxes_moved_.clear();
  rows_moved_.clear();
  counted_ = 0;
  if (rows_.size() <= kRowsRemembered) return;
  rows_.clear();  // all are written: the next count of each reads it again
  last_ = {};
}

void Ledger::erase_old_days(store::Journal& journal, Time now) {
  const Day keep_from{london_day(now).number - limits::kLedgerDaysMax};
  if (keep_from <= erased_before_) return;
  if (store::erase_ledgers_before(journal, keep_from, kErasedPerCommit) < kErasedPerCommit) {
    erased_before_ = keep_from;
  }
}

}  // namespace switchboard::core
