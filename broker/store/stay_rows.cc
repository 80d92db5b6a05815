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
                                                          std::string_view pregnancy) {
  return read_record<v1::StayRecord>(reads, Family::kState, key::expected_birth(pregnancy));
}
void write_expected_birth(Journal& journal, std::string_view pregnancy,
                          const v1::StayRecord& record) {
  journal.put(Family::kState, key::expected_birth(pregnancy), record.SerializeAsString());
}
Result<std::optional<v1::StayRecord>> read_watch(const kv::Reads& reads, uint64_t position) {
  return read_record<v1::StayRecord>(reads, Family::kState, key::birth_watch(position));
}
void write_watch(Journal& journal, uint64_t position, const v1::StayRecord& record) {
  journal.put(Family::kState, key::birth_watch(position), record.SerializeAsString());
}
Result<std::optional<v1::StayRecord>> read_pregnancy_end(const kv::Reads& reads,
                                                         std::string_view pregnancy) {
  return read_record<v1::StayRecord>(reads, Family::kState, key::pregnancy_end(pregnancy));
}
void write_pregnancy_end(Journal& journal, std::string_view pregnancy,
                         const v1::StayRecord& record) {
  journal.put(Family::kState, key::pregnancy_end(pregnancy), record.SerializeAsString());
}

}  // namespace switchboard::store
