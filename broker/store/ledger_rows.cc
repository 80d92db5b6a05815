#include "broker/store/ledger_rows.h"

namespace switchboard::store {
namespace {

using kv::Family;

template <typename Record>
Status parse(Record& record, std::string_view row) {
  if (record.ParseFromArray(row.data(), static_cast<int>(row.size()))) return ok();
  return error(v1::CODE_INTERNAL, "corrupt ledger row");
}

}  // namespace

Result<std::vector<Outbox>> read_outboxes(const kv::Reads& reads) {
  std::vector<Outbox> all;
  const auto prefix = key::outbox_prefix();
  const auto rows = reads.scan(Family::kState, prefix, kv::prefix_end(prefix));
  for (; rows->valid(); rows->next()) {
    const auto id = key::read_outbox(rows->key());
    if (!id) return error(v1::CODE_INTERNAL, "corrupt outbox key");
    Outbox outbox{std::string(*id), {}};
    TRY_DO(parse(outbox.record, rows->value()));
    all.push_back(std::move(outbox));
  }
  TRY_DO(rows->status());
  return all;
}

void write_outbox(Journal& journal, std::string_view id, const v1::OutboxRecord& record) {
  journal.append(Family::kState, key::outbox(record.principal(), id), record.SerializeAsString());
}
void forget_outbox(Journal& journal, std::string_view principal, std::string_view id) {
  journal.erase(Family::kState, key::outbox(principal, id));
}

Result<v1::LedgerRecord> read_ledger(const kv::Reads& reads, const LedgerKey& key) {
  TRY(auto record, read_record<v1::LedgerRecord>(reads, Family::kState, key::ledger(key)));
  return std::move(record).value_or(v1::LedgerRecord{});
}

Result<std::vector<LedgerRow>> read_ledgers(const kv::Reads& reads, Day day) {
  std::vector<LedgerRow> all;
  const auto rows =
      reads.scan(Family::kState, key::ledger_prefix(day), key::ledger_prefix({day.number + 1}));
  for (; rows->valid(); rows->next()) {
    const auto key = key::read_ledger(rows->key());
    if (!key) return error(v1::CODE_INTERNAL, "corrupt ledger key");
    LedgerRow row{*key, {}};
    TRY_DO(parse(row.record, rows->value()));
    all.push_back(std::move(row));
  }
  TRY_DO(rows->status());
  return all;
}

void write_ledger(Journal& journal, const LedgerKey& key, const v1::LedgerRecord& record) {
  journal.append(Family::kState, key::ledger(key), record.SerializeAsString());
}

Result<std::vector<v1::AdapterLedgerRecord>> read_adapter_ledgers(const kv::Reads& reads, Day first,
                                                                  Day last) {
  std::vector<v1::AdapterLedgerRecord> all;
  const auto rows = reads.scan(Family::kState, key::adapter_ledger_prefix(first),
                               key::adapter_ledger_prefix({last.number + 1}));
  for (; rows->valid(); rows->next()) {
    v1::AdapterLedgerRecord record;
    TRY_DO(parse(record, rows->value()));
    all.push_back(std::move(record));
  }
  TRY_DO(rows->status());
  return all;
}

void write_adapter_ledger(Journal& journal, const LedgerKey& key,
                          const v1::AdapterLedgerRecord& record) {
  journal.put(Family::kState, key::adapter_ledger(key, record.ledger().listener()),
              record.SerializeAsString());
}

size_t erase_ledgers_before(Journal& journal, Day day, size_t limit) {
  std::vector<std::string> keys;
  for (const auto& [from, until] :
       {std::pair{key::ledger_prefix({0}), key::ledger_prefix(day)},
        std::pair{key::adapter_ledger_prefix({0}), key::adapter_ledger_prefix(day)}}) {
    const auto rows = journal.scan(Family::kState, from, until);
    for (; rows->valid() && keys.size() < limit; rows->next()) keys.emplace_back(rows->key());
    if (!rows->status().ok()) journal.fail(rows->status().error());
  }
  for (const auto& key : keys) journal.erase(Family::kState, key);
  return keys.size();
}

}  // namespace switchboard::store
