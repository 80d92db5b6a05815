#include "broker/store/records.h"

#include "broker/base/hash.h"
#include "broker/store/rows.h"

namespace switchboard::store {

using kv::Family;

Result<std::optional<v1::EventRecord>> read_event(const kv::Reads& reads, uint64_t position) {
  return read_record<v1::EventRecord>(reads, Family::kEvent, key::position(position));
}

Result<std::vector<v1::Recipient>> read_added_recipients(const kv::Reads& reads,
                                                         uint64_t position) {
  std::vector<v1::Recipient> all;
  const std::string prefix = key::added_prefix(position);
  const auto rows = reads.scan(Family::kState, prefix, kv::prefix_end(prefix));
  for (; rows->valid(); rows->next()) {
    v1::AddedRecipients added;
    const auto value = rows->value();
    if (!added.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return error(v1::CODE_INTERNAL, "corrupt added recipients");
    }
    for (auto& recipient : *added.mutable_recipients()) all.push_back(std::move(recipient));
  }
  TRY_DO(rows->status());
  return all;
}

Result<std::vector<v1::Recipient>> read_recipients(const kv::Reads& reads, uint64_t position) {
  TRY(const auto event, read_event(reads, position));
  std::vector<v1::Recipient> all;
  if (!event) return all;
  all.assign(event->recipients().begin(), event->recipients().end());
  TRY(auto added, read_added_recipients(reads, position));
  for (auto& recipient : added) all.push_back(std::move(recipient));
  return all;
}

Result<std::optional<v1::DeliveryRecord>> read_delivery(const kv::Reads& reads, TeamHandle team,
                                                        uint64_t number) {
  TRY(const auto row, reads.get(Family::kState, key::delivery(team, number)));
  TRY(const auto corrected, reads.get(Family::kState, key::corrected_delivery(team, number)));
  return to_delivery(row, corrected);
}

Result<std::optional<v1::DeliveryRecord>> to_delivery(std::optional<std::string_view> row,
                                                      std::optional<std::string_view> corrected) {
  TRY(auto record, to_record<v1::DeliveryRecord>(Family::kState, row));
  if (!corrected) return record;
  if (corrected->size() != 9) return error(v1::CODE_INTERNAL, "corrupt correction row");
  if (!record) record.emplace();
  record->set_corrected(static_cast<v1::CorrectionNature>((*corrected)[0]));
  record->set_corrected_by(get_u64(corrected->substr(1)));
  return record;
}

static Result<std::optional<Known>> to_known(std::string_view row) {
  if (row.size() != 8 + 1 + kHashBytes) return error(v1::CODE_INTERNAL, "corrupt dedupe row");
  return std::optional<Known>(Known{get_u64(row), std::string(row.substr(9)), row[8] != 0});
}

Result<std::optional<Known>> read_known(const kv::Reads& reads, const Id& id,
                                        std::string_view agency) {
  if (!agency.empty()) {
    TRY(const auto row, reads.get(Family::kDedupe, key::event_id(id, agency)));
    if (!row) return std::optional<Known>{};
    return to_known(*row);
  }
  const auto rows = reads.scan(Family::kDedupe, id.view(), kv::prefix_end(std::string(id.view())));
  TRY_DO(rows->status());
  if (!rows->valid()) return std::optional<Known>{};
  return to_known(rows->value());
}

void write_known(Journal& journal, std::string_view key, const Known& known) {
  std::string row;
  put_u64(row, known.position);
  put_u8(row, known.quarantined ? 1 : 0);
  row.append(known.digest);
  journal.put(Family::kDedupe, key, row);
}

static constexpr char kFirstOfOthers = 'A';  // key::act_id, key::escalation_id

bool sorts_among_ids(const Id& id) { return id.bytes[0] < static_cast<uint8_t>(kFirstOfOthers); }

Result<Id> read_newest_id(const kv::Reads& reads) {
  const auto last = reads.scan_back(Family::kDedupe, "", std::string(1, kFirstOfOthers));
  TRY_DO(last->status());
  if (!last->valid()) return Id{};
  const auto id = id_from_bytes(last->key().substr(0, Id{}.bytes.size()));
  if (!id) return error(v1::CODE_INTERNAL, "corrupt dedupe row");
  return *id;
}

Result<int64_t> read_receipt_time(const kv::Reads& reads, LogId log, std::string_view endpoint,
                                  uint64_t number) {
  const auto rows = reads.scan(Family::kState, key::receipt(log, endpoint, number),
                               kv::prefix_end(key::receipt_prefix(log, endpoint)));
  TRY_DO(rows->status());
  if (!rows->valid() || rows->value().size() != 8) return int64_t{0};
  return static_cast<int64_t>(get_u64(rows->value()));
}

Result<uint64_t> read_last_receipt(const kv::Reads& reads, LogId log, std::string_view endpoint) {
  const auto prefix = key::receipt_prefix(log, endpoint);
  const auto last = reads.scan_back(Family::kState, prefix, kv::prefix_end(prefix));
  const uint64_t through = last->valid() ? key::trailing_u64(last->key()) : 0;
  TRY_DO(last->status());
  return through;
}

Result<uint64_t> read_received_through(const kv::Reads& reads, LogId log) {
  uint64_t through = 0;
  const auto first = key::cursor(log, {});
  const auto rows = reads.scan(Family::kState, first, kv::prefix_end(first));
  for (; rows->valid(); rows->next()) {
    TRY(const uint64_t received,
        read_last_receipt(reads, log, std::string(rows->key().substr(first.size()))));
    through = std::max(through, received);
  }
  TRY_DO(rows->status());
  return through;
}

Result<std::vector<Cursor>> read_cursors(const kv::Reads& reads) {
  std::vector<Cursor> all;
  const auto rows =
      reads.scan(Family::kState, key::cursor_prefix(), kv::prefix_end(key::cursor_prefix()));
  for (; rows->valid(); rows->next()) {
    Cursor cursor;
    const uint32_t packed = get_u32(rows->key().substr(1));
    cursor.log = {packed >> 1, static_cast<Log>(packed & 1)};
    const auto value = rows->value();
    if (!cursor.record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return error(v1::CODE_INTERNAL, "corrupt cursor row");
    }
    all.push_back(std::move(cursor));
  }
  TRY_DO(rows->status());
  return all;
}

Result<std::optional<v1::Policy>> read_policy(const kv::Reads& reads, uint64_t version) {
  const auto key = key::directory(static_cast<uint8_t>(RowType::kPolicy), "default", version);
  return read_record<v1::Policy>(reads, Family::kDirectory, key);
}

Result<std::optional<v1::HeadRecord>> read_head(const kv::Reads& reads) {
  return read_record<v1::HeadRecord>(reads, Family::kMeta, key::head());
}

Result<std::vector<v1::LossRecord>> read_losses(const kv::Reads& reads) {
  std::vector<v1::LossRecord> all;
  const auto rows =
      reads.scan(Family::kMeta, key::loss_prefix(), kv::prefix_end(key::loss_prefix()));
  for (; rows->valid(); rows->next()) {
    v1::LossRecord loss;
    const auto value = rows->value();
    if (!loss.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return error(v1::CODE_INTERNAL, "corrupt loss row");
    }
    all.push_back(std::move(loss));
  }
  TRY_DO(rows->status());
  return all;
}

Result<std::optional<v1::OpeningRecord>> read_opening(const kv::Reads& reads, uint64_t epoch) {
  return read_record<v1::OpeningRecord>(reads, Family::kMeta, key::opening(epoch));
}

Result<std::optional<v1::OpeningRecord>> read_opening_after(const kv::Reads& reads,
                                                            uint64_t epoch) {
  const auto rows =
      reads.scan(Family::kMeta, key::opening(epoch + 1), kv::prefix_end(key::opening_prefix()));
  TRY_DO(rows->status());
  if (!rows->valid()) return std::optional<v1::OpeningRecord>{};
  v1::OpeningRecord opening;
  const auto value = rows->value();
  if (!opening.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return error(v1::CODE_INTERNAL, "corrupt opening row");
  }
  return std::optional(std::move(opening));
}

Result<std::optional<uint64_t>> read_first_after(const kv::Reads& reads, LogId log,
                                                 uint64_t epoch) {
  const auto rows = reads.scan(Family::kState, key::first_number(log, epoch + 1),
                               key::first_number(log, ~uint64_t{0}));
  TRY_DO(rows->status());
  if (!rows->valid()) return std::optional<uint64_t>{};
  if (rows->value().size() != 8) return error(v1::CODE_INTERNAL, "corrupt row of a first number");
  return std::optional<uint64_t>(get_u64(rows->value()));
}

Result<std::vector<uint64_t>> read_queue(const kv::Reads& reads, Queue queue, size_t limit) {
  std::vector<uint64_t> all;
  const auto prefix = key::queue_prefix(queue);
  const auto rows = reads.scan(Family::kState, prefix, kv::prefix_end(prefix));
  for (; rows->valid() && all.size() < limit; rows->next()) {
    all.push_back(key::trailing_u64(rows->key()));
  }
  TRY_DO(rows->status());
  return all;
}

Result<std::vector<Due>> read_due(const kv::Reads& reads, int64_t from_us, int64_t now_us,
                                  size_t limit, const WantedDue& wanted) {
  std::vector<Due> all;
  const auto rows = reads.scan(Family::kState, key::due_from(from_us), key::due_until(now_us));
  for (; rows->valid() && all.size() < limit; rows->next()) {
    const auto due = key::read_due(rows->key());
    if (!due) return error(v1::CODE_INTERNAL, "corrupt due row");
    if (!wanted || wanted(*due)) all.push_back(*due);
  }
  TRY_DO(rows->status());
  return all;
}

}  // namespace switchboard::store
