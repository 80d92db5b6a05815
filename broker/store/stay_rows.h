// Rows of what is expected of a child: the end of a stay, by its visit, and a birth, by its
// subject.
//
// Thread: writes from the loop; reads from any snapshot. Fails: CODE_INTERNAL for I/O and for bytes
// that are not the record.
#pragma once

#include <optional>
#include <string_view>

#include "broker/store/records.h"

namespace switchboard::store {

// By the hash of the visit's thread.
Result<std::optional<v1::StayRecord>> read_stay(const kv::Reads& reads, std::string_view thread);
void write_stay(Journal& journal, std::string_view thread, const v1::StayRecord& record);
// By what the pregnancy is known by; `expected_us` is when its watch rings.
Result<std::optional<v1::StayRecord>> read_expected_birth(const kv::Reads& reads,
                                                          std::string_view pregnancy);
void write_expected_birth(Journal& journal, std::string_view pregnancy,
                          const v1::StayRecord& record);
// From the event that gave the date: `task_id` is what the pregnancy is known by.
Result<std::optional<v1::StayRecord>> read_watch(const kv::Reads& reads, uint64_t position);
void write_watch(Journal& journal, uint64_t position, const v1::StayRecord& record);
// The newest event that ended it: a position.
Result<std::optional<v1::StayRecord>> read_pregnancy_end(const kv::Reads& reads,
                                                         std::string_view pregnancy);
void write_pregnancy_end(Journal& journal, std::string_view pregnancy,
                         const v1::StayRecord& record);

}  // namespace switchboard::store
