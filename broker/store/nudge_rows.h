// Rows of nudges: taps outside the hub that are owed, and what became of them.
//
// A nudge waits as long as its `W` row stands, under the time of its next try: write_nudge() keeps
// the two together. Thread: writes from the loop; reads from any snapshot. Fails: CODE_INTERNAL for
// I/O and for bytes that are not the record.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/store/records.h"

namespace switchboard::store {

Result<std::optional<v1::NudgeRecord>> read_nudge(const kv::Reads& reads, const Id& id);
void write_nudge(Journal& journal, const v1::NudgeRecord& record);

// Those that wait and whose next try is not after `until_us`, the longest overdue first.
Result<std::vector<v1::NudgeRecord>> waiting_nudges(const kv::Reads& reads, int64_t from_us,
                                                    int64_t until_us, size_t limit);
// By the time of their first event, newest first; of one team, or of all where it is empty. Looks
// at a bounded number of rows.
Result<std::vector<v1::NudgeRecord>> newest_nudges(const kv::Reads& reads, const std::string& team,
                                                   size_t limit);

// The nudge to one address of a team that nobody has taken yet: more may be said with it.
std::optional<v1::NudgeRecord> find_gathering(Journal& journal, const std::string& team,
                                              const std::string& address);
void start_gathering(Journal& journal, const v1::NudgeRecord& record);
void stop_gathering(Journal& journal, const v1::NudgeRecord& record);

}  // namespace switchboard::store
