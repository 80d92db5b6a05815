#include "broker/store/stay_rows.h"

namespace switchboard::store {

using kv::Family;

Result<std::optional<v1::StayRecord>> read_stay(const kv::Reads& reads, std::string_view thread) {
  return read_record<v1::StayRecord>(reads, Family::kState, key::stay(thread));
}
void write_stay(Journal& journal, std::string_view thread, const v1::StayRecord& record) {
  journal.put(Family::kState, key::stay(thread), record.SerializeAsString());
}
Result<std::optional<v1::StayRecord>> read_expected_birth(const kv::Reads& reads,
                                                          std::string_view subject) {
  return read_record<v1::StayRecord>(reads, Family::kState, key::expected_birth(subject));
}
void write_expected_birth(Journal& journal, std::string_view subject,
                          const v1::StayRecord& record) {
  journal.put(Family::kState, key::expected_birth(subject), record.SerializeAsString());
}

}  // namespace switchboard::store
