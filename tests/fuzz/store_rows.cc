// Any bytes as what lies on the hub's disk: keys, log entries, records of protobuf.
#include <cstdint>

#include "broker/base/check.h"
#include "broker/store/entry.h"
#include "broker/store/keys.h"
#include "switchboard/v1/record.pb.h"

using namespace switchboard;

namespace {

void read_keys(std::string_view bytes) {
  if (const auto due = store::key::read_due(bytes)) CHECK(store::key::due(*due) == bytes);
  if (const auto line = store::key::read_ledger(bytes)) CHECK(store::key::ledger(*line) == bytes);
  if (const auto id = store::key::read_waiting_nudge(bytes)) CHECK(!id->view().empty());
  if (const auto outbox = store::key::read_outbox(bytes)) CHECK(outbox->size() == 16);
  CHECK(store::key::trailing_task(bytes).size() <= bytes.size());
  if (bytes.size() < 8) CHECK(store::key::trailing_u64(bytes) == 0);
}

void read_entry(std::string_view bytes) {
  const auto entry = store::decode_entry(bytes);
  if (!entry) return;
  const std::string again = store::encode(*entry);
  // Protobuf may write a change shorter than it was; the same change it is.
  if (entry->type != v1::ENTRY_TYPE_CHANGE) CHECK(again == bytes);
  const auto twice = store::decode_entry(again);
  CHECK(twice && store::encode(*twice) == again);
}

template <typename Record>
void read_record(std::string_view bytes) {
  Record record;
  if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  Record again;
  CHECK(again.ParseFromString(record.SerializeAsString()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view row(reinterpret_cast<const char*>(bytes), size);
  read_keys(row);
  read_entry(row);
  read_record<v1::EventRecord>(row);
  read_record<v1::DeliveryRecord>(row);
  read_record<v1::TaskRecord>(row);
  read_record<v1::AuditBlock>(row);
  read_record<v1::HeadRecord>(row);
  return 0;
}
