#include "broker/store/rows.h"

#include <algorithm>

#include "broker/store/records.h"

namespace switchboard::store {

using kv::Family;

void write_event(Journal& journal, uint64_t position, const v1::EventRecord& record,
                 std::string& row) {
  CHECK(record.SerializeToString(&row));
  journal.put(Family::kEvent, key::position(position), row);
}
void write_added_recipients(Journal& journal, uint64_t position, uint64_t adding,
                            const v1::AddedRecipients& added) {
  journal.put(Family::kState, key::added_recipients(position, adding), added.SerializeAsString());
}
void write_delivery(Journal& journal, TeamHandle team, uint64_t number,
                    const v1::DeliveryRecord& record) {
  v1::DeliveryRecord row = record;
  row.clear_corrected();
  row.clear_corrected_by();
  journal.put(Family::kState, key::delivery(team, number), row.SerializeAsString());
}
void write_corrected(Journal& journal, TeamHandle team, uint64_t number,
                     v1::CorrectionNature nature, uint64_t by) {
  std::string row;
  put_u8(row, static_cast<uint8_t>(nature));
  put_u64(row, by);
  journal.put(Family::kState, key::corrected_delivery(team, number), row);
}
void write_cursor(Journal& journal, LogId log, const v1::CursorRecord& record) {
  journal.append(Family::kState, key::cursor(log, record.endpoint()), record.SerializeAsString());
}
void write_receipt(Journal& journal, LogId log, std::string_view endpoint, uint64_t through,
                   int64_t at_us) {
  std::string value;
  put_u64(value, static_cast<uint64_t>(at_us));
  journal.append(Family::kState, key::receipt(log, endpoint, through), value);
}

void add_due(Journal& journal, const Due& due) {
  journal.append(Family::kState, key::due(due), {});
  journal.added_due(due.at_us);
}
void remove_due(Journal& journal, const Due& due) { journal.erase(Family::kState, key::due(due)); }
void add_to_queue(Journal& journal, Queue queue, uint64_t position) {
  journal.put(Family::kState, key::queue(queue, position), {});
}
void remove_from_queue(Journal& journal, Queue queue, uint64_t position) {
  journal.erase(Family::kState, key::queue(queue, position));
}
bool in_queue(Journal& journal, Queue queue, uint64_t position) {
  return journal.take(journal.get(Family::kState, key::queue(queue, position))).has_value();
}
void clear_quarantined(Journal& journal, uint64_t position, const v1::ClearedRecord& record) {
  remove_from_queue(journal, Queue::kQuarantine, position);
  journal.put(Family::kState, key::queue(Queue::kCleared, position), record.SerializeAsString());
}

// Most children are on no list: their events look for lists in vain once, not each time.
static void note_identified(Journal& journal, std::string_view hash, const Identified& known) {
  std::string note(1, known.on_lists ? 'y' : 'n');
  journal.set_note(hash, note.append(known.subject));
}
Identified identify(Journal& journal, std::string_view hash) {
  if (const auto note = journal.note(hash)) {
    return {std::string(note->substr(1)), note->front() == 'y'};
  }
  Identified known{find_subject(journal, hash).value_or(std::string()), false};
  known.on_lists = journal.take(journal.get(Family::kIndex, key::caseload(hash))).has_value() ||
                   journal.take(journal.get(Family::kIndex, key::other_lists(hash))).has_value();
  note_identified(journal, hash, known);
  return known;
}
void expect_identifier(const Journal& journal, std::string_view identifier_hash) {
  journal.expect_note(identifier_hash);
}
std::optional<std::string> find_subject(Journal& journal, std::string_view identifier_hash) {
  return journal.take(journal.get(Family::kIndex, key::identifier(identifier_hash)));
}
void index_subject(Journal& journal, std::string_view identifier_hash, const Identified& known) {
  journal.put(Family::kIndex, key::identifier(identifier_hash), known.subject);
  note_identified(journal, identifier_hash, known);
}
std::optional<std::string> find_subject_number(Journal& journal, std::string_view subject) {
  return journal.take(journal.get_remembered(Family::kIndex, key::subject_number(subject)));
}
void index_subject_number(Journal& journal, std::string_view subject,
                          std::string_view number_hash) {
  journal.put(Family::kIndex, key::subject_number(subject), number_hash);
}
void index_subject_event(Journal& journal, std::string_view subject, uint64_t position) {
  journal.put_later(key::subject_position(subject, position), {});
}
// Of the events that no index row has yet: a run's worth at most.
static Status add_unindexed(const Reads& reads, std::string_view subject, uint64_t indexed,
                            uint64_t before, size_t limit, std::vector<uint64_t>& positions) {
  const auto rows =
      reads.scan_back(Family::kEvent, key::position(indexed + 1), key::position(before));
  for (; rows->valid() && positions.size() < limit; rows->next()) {
    v1::EventRecord event;
    const auto row = rows->value();
    if (!event.ParseFromArray(row.data(), static_cast<int>(row.size()))) continue;  // damaged: said
    if (event.subject() == subject) positions.push_back(key::trailing_u64(rows->key()));
  }
  return rows->status();
}

Result<std::vector<uint64_t>> subject_events(const Reads& reads, std::string_view subject,
                                             uint64_t before, size_t limit) {
  std::vector<uint64_t> positions;
  TRY(const uint64_t indexed, read_indexed(reads));
  if (before > indexed + 1) {
    TRY_DO(add_unindexed(reads, subject, indexed, before, limit, positions));
  }
  const auto rows = reads.scan_back(Family::kIndex, key::subject_position(subject, 0),
                                    key::subject_position(subject, std::min(before, indexed + 1)));
  for (; rows->valid() && positions.size() < limit; rows->next()) {
    positions.push_back(key::trailing_u64(rows->key()));
  }
  TRY_DO(rows->status());
  return positions;
}

// P11: no visit has so many; a source that gives all its visits one number must not stop the hub.
static constexpr size_t kThreadRowsMax = 65'536;

void index_thread_event(Journal& journal, std::string_view thread_hash, uint64_t position,
                        std::string_view kind) {
  journal.put_later(key::thread_position(thread_hash, position), kind);
}

std::vector<uint64_t> thread_events(Journal& journal, std::string_view thread_hash,
                                    std::span<const std::string_view> kinds, size_t limit) {
  std::vector<uint64_t> positions;
  const auto prefix = key::thread_prefix(thread_hash);
  const auto rows = journal.scan_back(Family::kIndex, prefix, kv::prefix_end(prefix));
  size_t seen = 0;
  for (; rows->valid() && positions.size() < limit && seen < kThreadRowsMax; rows->next()) {
    ++seen;
    const auto kind = rows->value();  // rows of earlier builds do not say
    if (!kind.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) continue;
    positions.push_back(key::trailing_u64(rows->key()));
  }
  if (const auto status = rows->status(); !status.ok()) journal.fail(status.error());
  return positions;
}

std::optional<SourceSeen> find_source_id(Journal& journal, std::string_view hash) {
  const auto row = journal.take(journal.get(Family::kIndex, key::source_id(hash)));
  if (!row || row->size() != 24) return std::nullopt;
  return SourceSeen{get_u64(*row), row->substr(8)};
}
void index_source_id(Journal& journal, std::string_view hash, const SourceSeen& seen) {
  std::string row;
  put_u64(row, seen.position);
  row.append(seen.event_id);
  journal.put_later(key::source_id(hash), row);
}

std::optional<std::string> find_routed_fields(Journal& journal, std::string_view thread_hash) {
  return journal.take(journal.get(Family::kIndex, key::routed_fields(thread_hash)));
}
void index_routed_fields(Journal& journal, std::string_view thread_hash, std::string_view fields) {
  journal.put(Family::kIndex, key::routed_fields(thread_hash), fields);
}

void forget_routed_fields(Journal& journal, std::string_view thread_hash) {
  journal.erase(Family::kIndex, key::routed_fields(thread_hash));
}

void hold(Journal& journal, std::string_view thread_hash, uint64_t position) {
  journal.put(Family::kIndex, key::held(thread_hash, position), {});
}
void release_held(Journal& journal, std::string_view thread_hash, uint64_t position) {
  journal.erase(Family::kIndex, key::held(thread_hash, position));
}
std::vector<uint64_t> held_for(Journal& journal, std::string_view thread_hash) {
  std::vector<uint64_t> positions;
  const auto prefix = key::held_prefix(thread_hash);
  const auto rows = journal.scan(Family::kIndex, prefix, kv::prefix_end(prefix));
  for (; rows->valid(); rows->next()) positions.push_back(key::trailing_u64(rows->key()));
  if (const auto status = rows->status(); !status.ok()) journal.fail(status.error());
  return positions;
}
Result<bool> any_held(const Reads& reads) {
  const auto prefix = key::held_prefix({});
  const auto rows = reads.scan(Family::kIndex, prefix, kv::prefix_end(prefix));
  const bool any = rows->valid();
  TRY_DO(rows->status());
  return any;
}
void index_correction(Journal& journal, uint64_t original, uint64_t by) {
  journal.put(Family::kIndex, key::corrected_by(original, by), {});
}
Result<std::vector<uint64_t>> corrections_of(const Reads& reads, uint64_t original) {
  std::vector<uint64_t> positions;
  const auto prefix = key::corrected_prefix(original);
  const auto rows = reads.scan(Family::kIndex, prefix, kv::prefix_end(prefix));
  for (; rows->valid(); rows->next()) positions.push_back(key::trailing_u64(rows->key()));
  TRY_DO(rows->status());
  return positions;
}

std::vector<TeamHandle> caseload_teams(const Reads& reads, Journal* journal,
                                       std::string_view identifier_hash) {
  std::vector<TeamHandle> teams;
  const std::string at = key::caseload(identifier_hash);
  auto row = journal != nullptr ? journal->get_remembered(Family::kIndex, at)
                                : reads.get(Family::kIndex, at);
  if (!row.ok()) {
    if (journal != nullptr) journal->fail(row.error());
    return teams;
  }
  if (!*row) return teams;
  for (std::string_view rest = **row; rest.size() >= 4; rest.remove_prefix(4)) {
    teams.push_back(get_u32(rest));
  }
  return teams;
}
void set_caseload_teams(Journal& journal, std::string_view identifier_hash,
                        const std::vector<TeamHandle>& teams) {
  if (teams.empty()) {
    journal.erase(Family::kIndex, key::caseload(identifier_hash));
    return;
  }
  std::string row;
  for (const TeamHandle team : teams) put_u32(row, team);
  journal.put(Family::kIndex, key::caseload(identifier_hash), row);
}

std::optional<DoneAct> find_act(Journal& journal, const Id& act) {
  const auto row = journal.take(journal.get(Family::kDedupe, key::act_id(act)));
  if (!row || row->size() < 18) return std::nullopt;
  return DoneAct{get_u64(*row), static_cast<v1::Code>((*row)[8]),
                 static_cast<v1::DeliveryState>((*row)[9]), row->substr(10, 8), row->substr(18)};
}
void write_act(Journal& journal, const Id& act, const DoneAct& done) {
  std::string row;
  put_u64(row, done.position);
  put_u8(row, static_cast<uint8_t>(done.code));
  put_u8(row, static_cast<uint8_t>(done.state));
  row.append(done.what);
  row.append(done.before);
  journal.put(Family::kDedupe, key::act_id(act), row);
}
bool escalated(Journal& journal, const Id& escalation) {
  return journal.take(journal.get(Family::kDedupe, key::escalation_id(escalation))).has_value();
}
void write_escalated(Journal& journal, const Id& escalation, uint64_t position) {
  journal.put(Family::kDedupe, key::escalation_id(escalation), key::position(position));
}

void write_directory_row(Journal& journal, RowType type, std::string_view id, uint64_t position,
                         std::string_view row) {
  journal.put(Family::kDirectory, key::directory(static_cast<uint8_t>(type), id, position), row);
}

Result<std::vector<DirectoryRow>> read_directory(const Reads& reads, uint64_t at_position) {
  std::vector<DirectoryRow> all;
  const auto rows = reads.scan(Family::kDirectory, "", "");
  for (; rows->valid(); rows->next()) {
    const auto k = rows->key();
    if (k.size() < 10) return error(v1::CODE_INTERNAL, "corrupt directory row");
    const uint64_t position = ~key::trailing_u64(k);
    if (position > at_position) continue;
    const auto type = static_cast<RowType>(k[0]);
    const auto id = k.substr(1, k.size() - 10);
    // Descending positions: the first row of an id at or before at_position is the one in force.
    if (!all.empty() && all.back().type == type && all.back().id == id) continue;
    all.push_back({type, std::string(id), position, std::string(rows->value())});
  }
  TRY_DO(rows->status());
  return all;
}

Result<uint32_t> read_next_handle(const Reads& reads) {
  TRY(const auto row, reads.get(Family::kMeta, key::next_handle()));
  return !row || row->size() != 4 ? uint32_t{1} : get_u32(*row);
}
void write_next_handle(Journal& journal, uint32_t handle) {
  std::string row;
  put_u32(row, handle);
  journal.put(Family::kMeta, key::next_handle(), row);
}
Result<uint64_t> read_indexed(const Reads& reads) {
  TRY(const auto row, reads.get(Family::kMeta, key::indexed()));
  return !row || row->size() != 8 ? uint64_t{0} : get_u64(*row);
}
bool write_index_run(Journal& journal, size_t bytes) {
  const auto through = journal.write_run(bytes);
  if (through) journal.append(Family::kMeta, key::indexed(), key::position(*through));
  return through.has_value();
}
void write_loss(Journal& journal, const v1::LossRecord& loss) {
  journal.put(Family::kMeta, key::loss(loss.position()), loss.SerializeAsString());
}
void write_opening(Journal& journal, const v1::OpeningRecord& opening) {
  journal.put(Family::kMeta, key::opening(opening.epoch()), opening.SerializeAsString());
}
void write_first_number(Journal& journal, LogId log, uint64_t epoch, uint64_t number) {
  journal.put(Family::kState, key::first_number(log, epoch), key::position(number));
}
void write_head(Journal& journal, const v1::HeadRecord& head) {
  journal.append(Family::kMeta, key::head(), head.SerializeAsString());
}
void write_audit_block(Journal& journal, uint64_t first_position, std::string_view block) {
  journal.append(Family::kAudit, key::position(first_position), block);
}

}  // namespace switchboard::store
