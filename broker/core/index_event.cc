#include "broker/core/index_event.h"

#include "broker/core/damage.h"
#include "broker/store/keys.h"
#include "broker/store/records.h"
#include "broker/store/rows.h"

namespace switchboard::core {

std::string source_hash(const Secrets& secrets, const v1::EventRecord& record) {
  if (record.source_message_id().empty()) return {};
  const Hash full = Hasher(secrets.index)
                        .add("source")
                        .add(record.agency())
                        .add(record.system())
                        .add(record.source_message_id())
                        .finish();
  return std::string(view(full).substr(0, 16));
}

void index_event(store::Journal& journal, const v1::EventRecord& record, uint64_t position,
                 std::string_view source) {
  if (!source.empty()) store::index_source_id(journal, source, {position, record.event_id()});
  if (!record.subject().empty()) {
    store::index_subject_event(journal, record.subject(), position);
  }
  for (const auto& hash : record.thread_hashes()) {
    store::index_thread_event(journal, hash, position, record.kind());
  }
}

namespace {

void index_row(store::Journal& journal, const Secrets& secrets, const v1::EventRecord& record,
               uint64_t position) {
  index_event(journal, record, position, source_hash(secrets, record));
}

bool leads_nowhere(const v1::EventRecord& record) {
  return record.disposition() == v1::DISPOSITION_QUARANTINED;
}

// Where a scan met damage: each row by itself, so that one costs itself and what shares its page.
void index_one_by_one(store::Journal& journal, const Secrets& secrets, uint64_t after,
                      const Reindexing& into) {
  for (uint64_t position = after + 1; position <= into.head; ++position) {
    const auto record = store::read_event(journal, position);
    if (!record.ok()) into.damage.note("event " + std::to_string(position));
    if (!record.ok() || !record.value() || leads_nowhere(*record.value())) continue;
    index_row(journal, secrets, *record.value(), position);
    into.newest.accepted(*record.value());
  }
}

}  // namespace

Status index_again(store::Journal& journal, const Secrets& secrets, const Reindexing& into) {
  TRY(uint64_t done, store::read_indexed(journal));
  const auto rows = journal.scan(kv::Family::kEvent, store::key::position(done + 1), "");
  v1::EventRecord record;
  for (; rows->valid(); rows->next()) {
    const auto row = rows->value();
    if (!record.ParseFromArray(row.data(), static_cast<int>(row.size()))) break;
    done = store::key::trailing_u64(rows->key());
    if (leads_nowhere(record)) continue;
    index_row(journal, secrets, record, done);
    into.newest.accepted(record);
  }
  if (rows->valid() || !rows->status().ok()) index_one_by_one(journal, secrets, done, into);
  return ok();
}

}  // namespace switchboard::core
