// Reading and writing the protobuf rows of record.proto, typed.
//
// Reads take any kv::Reads: the journal of the loop, or a snapshot of the reader thread.
// Fails: CODE_INTERNAL for I/O and for bytes that are not the record.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/base/result.h"
#include "broker/kv/kv.h"
#include "broker/store/journal.h"
#include "broker/store/keys.h"
#include "switchboard/v1/admin.pb.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::store {

template <typename Record>
Result<std::optional<Record>> to_record(kv::Family family, std::optional<std::string_view> row) {
  if (!row) return std::optional<Record>{};
  Record record;
  if (!record.ParseFromArray(row->data(), static_cast<int>(row->size()))) {
    return error(v1::CODE_INTERNAL, "corrupt " + std::string(kv::name(family)) + " row");
  }
  return std::optional<Record>(std::move(record));
}
template <typename Record>
Result<std::optional<Record>> read_record(const kv::Reads& reads, kv::Family family,
                                          std::string_view key) {
  TRY(const auto row, reads.get(family, key));
  return to_record<Record>(family, row);
}

Result<std::optional<v1::EventRecord>> read_event(const kv::Reads& reads, uint64_t position);
// All of them: those of acceptance, then the added, in the order they were added.
Result<std::vector<v1::Recipient>> read_recipients(const kv::Reads& reads, uint64_t position);
Result<std::vector<v1::Recipient>> read_added_recipients(const kv::Reads& reads, uint64_t position);
// With its correction, if there is one. Nothing: still in its initial state.
Result<std::optional<v1::DeliveryRecord>> read_delivery(const kv::Reads& reads, TeamHandle team,
                                                        uint64_t number);
// The same of its two rows, either of which may be absent.
Result<std::optional<v1::DeliveryRecord>> to_delivery(std::optional<std::string_view> row,
                                                      std::optional<std::string_view> corrected);
// Where an event id is: of this agency, or of whichever has it when `agency` is empty.
struct Known {
  uint64_t position = 0;
  std::string digest;  // 32 bytes
  bool quarantined = false;
};
Result<std::optional<Known>> read_known(const kv::Reads& reads, const Id& id,
                                        std::string_view agency);
void write_known(Journal& journal, std::string_view key, const Known& known);  // key::event_id()
// The highest id of an event, of those that sorts_among_ids(); zero: there is none.
Result<Id> read_newest_id(const kv::Reads& reads);
// Ids of a time so far away that their rows lie among those of acts and escalations do not.
bool sorts_among_ids(const Id& id);
// When `endpoint` told that it holds `number`; 0 = it has not.
Result<int64_t> read_receipt_time(const kv::Reads& reads, LogId log, std::string_view endpoint,
                                  uint64_t number);
// The highest number it ever told of; 0 = none.
Result<uint64_t> read_last_receipt(const kv::Reads& reads, LogId log, std::string_view endpoint);
// The highest number any endpoint of the log ever told of, whatever was replayed since; 0 = none.
Result<uint64_t> read_received_through(const kv::Reads& reads, LogId log);

struct Cursor {
  LogId log;
  v1::CursorRecord record;
};
Result<std::vector<Cursor>> read_cursors(const kv::Reads& reads);
// The policy as it was applied at that position; nothing: none was.
Result<std::optional<v1::Policy>> read_policy(const kv::Reads& reads, uint64_t version);
Result<std::optional<v1::HeadRecord>> read_head(const kv::Reads& reads);
Result<std::vector<v1::LossRecord>> read_losses(const kv::Reads& reads);
// Nothing: this store was never opened under that epoch.
Result<std::optional<v1::OpeningRecord>> read_opening(const kv::Reads& reads, uint64_t epoch);
// The first opening after `epoch`, which is where that epoch ended; nothing: it has not.
Result<std::optional<v1::OpeningRecord>> read_opening_after(const kv::Reads& reads, uint64_t epoch);
// The first number the log gave out in an epoch after `epoch`; nothing: none since.
Result<std::optional<uint64_t>> read_first_after(const kv::Reads& reads, LogId log, uint64_t epoch);
// Positions in a queue, oldest first, at most `limit`.
Result<std::vector<uint64_t>> read_queue(const kv::Reads& reads, Queue queue, size_t limit);
// Keys of due rows at or before `now`, oldest first, at most `limit` of those that are `wanted`.
using WantedDue = std::function<bool(const Due&)>;
Result<std::vector<Due>> read_due(const kv::Reads& reads, int64_t from_us, int64_t now_us,
                                  size_t limit, const WantedDue& wanted = nullptr);

}  // namespace switchboard::store
