// One row of a log: about 10 bytes for a delivery, since a team may have millions.
//
// Layout: type; delivery: attention, position; placeholder: reason, position; change: ChangeRecord;
// task: position, task id (16).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broker/base/result.h"
#include "broker/kv/kv.h"
#include "broker/store/journal.h"
#include "broker/store/keys.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::store {

struct LogEntry {
  v1::EntryType type = v1::ENTRY_TYPE_UNSPECIFIED;
  v1::Attention attention = v1::ATTENTION_UNSPECIFIED;  // deliveries
  v1::PlaceholderReason reason = v1::PLACEHOLDER_REASON_UNSPECIFIED;
  uint64_t position = 0;    // of the event; for a placeholder, of what made it one
  v1::ChangeRecord change;  // changes
  std::string task;         // tasks: 16 bytes
};

std::string encode(const LogEntry& entry);
// Nothing if the bytes are not an entry.
std::optional<LogEntry> decode_entry(std::string_view bytes);

Result<std::optional<LogEntry>> read_entry(const kv::Reads& reads, LogId log, uint64_t number);
void write_entry(Journal& journal, LogId log, uint64_t number, const LogEntry& entry);
// 0 = the log is empty.
Result<uint64_t> read_log_head(const kv::Reads& reads, LogId log);

}  // namespace switchboard::store
