#include "broker/core/logs.h"

#include "broker/store/rows.h"

namespace switchboard::core {

void Logs::begin_epoch(store::Journal& journal, uint64_t epoch) {
  epoch_ = epoch;
  open_counts_.begin_epoch(journal, epoch);
  for (auto& [log, at] : logs_) at.marked = false;
}

Logs::At& Logs::at(store::Journal& journal, store::LogId log) {
  const auto known = logs_.find(log);
  if (known != logs_.end()) return known->second;
  return logs_[log] = {journal.take_or_default(store::read_log_head(journal, log)), false};
}

uint64_t Logs::head(store::Journal& journal, store::LogId log) { return at(journal, log).head; }

uint64_t Logs::append(store::Journal& journal, store::LogId log, const store::LogEntry& entry) {
  At& at = this->at(journal, log);
  const uint64_t number = ++at.head;
  if (!at.marked) store::write_first_number(journal, log, epoch_, number);
  at.marked = true;
  store::write_entry(journal, log, number, entry);
  return number;
}

uint64_t Logs::fill(store::Journal& journal, store::LogId log, uint64_t through,
                    uint64_t position) {
  uint64_t filled = 0;
  while (head(journal, log) < through) {
    store::LogEntry entry;
    entry.type = v1::ENTRY_TYPE_PLACEHOLDER;
    entry.reason = v1::PLACEHOLDER_REASON_RESTORED_OVER;
    entry.position = position;
    append(journal, log, entry);
    ++filled;
  }
  return filled;
}

}  // namespace switchboard::core
