#include "broker/core/index_event.h"

#include "broker/store/keys.h"
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

Status index_again(store::Journal& journal, const Secrets& secrets, NewestSources& newest) {
  TRY(const uint64_t indexed, store::read_indexed(journal));
  const auto rows = journal.scan(kv::Family::kEvent, store::key::position(indexed + 1), "");
  v1::EventRecord record;
  for (; rows->valid(); rows->next()) {
    const auto row = rows->value();
    if (!record.ParseFromArray(row.data(), static_cast<int>(row.size()))) {
      return error(v1::CODE_INTERNAL, "corrupt event row");
    }
    if (record.disposition() == v1::DISPOSITION_QUARANTINED) continue;  // leads nowhere
    index_event(journal, record, store::key::trailing_u64(rows->key()),
                source_hash(secrets, record));
    newest.accepted(record);
  }
  return rows->status();
}

}  // namespace switchboard::core
