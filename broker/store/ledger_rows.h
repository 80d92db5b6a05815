// Rows of the ledgers (P10): how far each outbox is counted, the hub's counts, the adapters' own.
//
// Thread: writes from the loop; reads from any snapshot. Fails: CODE_INTERNAL for I/O and for bytes
// that are not the record.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/store/records.h"

namespace switchboard::store {

struct Outbox {
  std::string id;  // 16 bytes
  v1::OutboxRecord record;
};
// All that are remembered.
Result<std::vector<Outbox>> read_outboxes(const kv::Reads& reads);
void write_outbox(Journal& journal, std::string_view id, const v1::OutboxRecord& record);
void forget_outbox(Journal& journal, std::string_view principal, std::string_view id);

struct LedgerRow {
  LedgerKey key;
  v1::LedgerRecord record;
};
Result<v1::LedgerRecord> read_ledger(const kv::Reads& reads, const LedgerKey& key);
// Of one day.
Result<std::vector<LedgerRow>> read_ledgers(const kv::Reads& reads, Day day);
void write_ledger(Journal& journal, const LedgerKey& key, const v1::LedgerRecord& record);

// Of the days from `first` to `last`, both included.
Result<std::vector<v1::AdapterLedgerRecord>> read_adapter_ledgers(const kv::Reads& reads, Day first,
                                                                  Day last);
void write_adapter_ledger(Journal& journal, const LedgerKey& key,
                          const v1::AdapterLedgerRecord& record);
// Erases rows of both ledgers of days before this one, at most `limit`; returns how many.
size_t erase_ledgers_before(Journal& journal, Day day, size_t limit);

}  // namespace switchboard::store
