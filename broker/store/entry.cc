#include "broker/store/entry.h"

namespace switchboard::store {

std::string encode(const LogEntry& e) {
  std::string out;
  put_u8(out, static_cast<uint8_t>(e.type));
  if (e.type == v1::ENTRY_TYPE_CHANGE) {
    out += e.change.SerializeAsString();
    return out;
  }
  if (e.type == v1::ENTRY_TYPE_TASK) {
    put_u64(out, e.position);
    out += e.task;
    return out;
  }
  put_u8(out, e.type == v1::ENTRY_TYPE_DELIVERY ? static_cast<uint8_t>(e.attention)
                                                : static_cast<uint8_t>(e.reason));
  put_u64(out, e.position);
  return out;
}

std::optional<LogEntry> decode_entry(std::string_view in) {
  if (in.empty()) return std::nullopt;
  LogEntry e;
  e.type = static_cast<v1::EntryType>(in[0]);
  if (e.type == v1::ENTRY_TYPE_CHANGE) {
    if (!e.change.ParseFromArray(in.data() + 1, static_cast<int>(in.size() - 1))) {
      return std::nullopt;
    }
    e.position = e.change.event_position();
    return e;
  }
  if (e.type == v1::ENTRY_TYPE_TASK) {
    if (in.size() != 1 + 8 + 16) return std::nullopt;
    e.position = get_u64(in.substr(1));
    e.task = in.substr(1 + 8);
    return e;
  }
  if (in.size() != 10) return std::nullopt;
  if (e.type == v1::ENTRY_TYPE_DELIVERY) {
    e.attention = static_cast<v1::Attention>(in[1]);
  } else if (e.type == v1::ENTRY_TYPE_PLACEHOLDER) {
    e.reason = static_cast<v1::PlaceholderReason>(in[1]);
  } else {
    return std::nullopt;
  }
  e.position = get_u64(in.substr(2));
  return e;
}

Result<std::optional<LogEntry>> read_entry(const kv::Reads& reads, LogId log, uint64_t number) {
  TRY(const auto row, reads.get(kv::Family::kInbox, key::inbox(log, number)));
  if (!row) return std::optional<LogEntry>{};
  auto entry = decode_entry(*row);
  if (!entry) return error(v1::CODE_INTERNAL, "corrupt inbox row");
  return entry;
}

void write_entry(Journal& journal, LogId log, uint64_t number, const LogEntry& entry) {
  journal.put(kv::Family::kInbox, key::inbox(log, number), encode(entry));
}

Result<uint64_t> read_log_head(const kv::Reads& reads, LogId log) {
  std::string until = key::inbox(log, ~uint64_t{0});
  const auto last = reads.scan_back(kv::Family::kInbox, key::inbox(log, 0), until);
  const uint64_t head = last->valid() ? key::trailing_u64(last->key()) : 0;
  TRY_DO(last->status());
  return head;
}

}  // namespace switchboard::store
