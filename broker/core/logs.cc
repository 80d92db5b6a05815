#include "broker/core/logs.h"

namespace switchboard::core {

uint64_t Logs::head(store::Journal& journal, store::LogId log) {
  const auto known = heads_.find(log);
  if (known != heads_.end()) return known->second;
  const uint64_t head = journal.take_or_default(store::read_log_head(journal, log));
  heads_[log] = head;
  return head;
}

uint64_t Logs::append(store::Journal& journal, store::LogId log, const store::LogEntry& entry) {
  const uint64_t number = head(journal, log) + 1;
  heads_[log] = number;
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
