// Rows of tasks: the task itself, the open ones of a team by their clock, those of an event.
//
// Thread: writes from the loop; reads from any snapshot. Fails: CODE_INTERNAL for I/O and for bytes
// that are not the record.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/store/records.h"

namespace switchboard::store {

// Nothing: no task has this id (16 bytes).
Result<std::optional<v1::TaskRecord>> read_task(const kv::Reads& reads, std::string_view id);
// Ids of the team's open tasks, the one due first first, at most `limit`.
Result<std::vector<std::string>> read_open_tasks(const kv::Reads& reads, TeamHandle team,
                                                 size_t limit);
// Ids of the tasks that an event gave rise to, at most `limit`.
Result<std::vector<std::string>> read_event_tasks(const kv::Reads& reads, uint64_t position,
                                                  size_t limit);

// A new one: the task, its place among the team's open ones, its way back from the event.
void add_task(Journal& journal, const v1::TaskRecord& task);
// Its place among the team's open ones goes to the new clock, which it has from now on.
void move_task(Journal& journal, v1::TaskRecord& task, int64_t due_us);
// Writes it again; one that is not open any more leaves the team's open ones.
void write_task(Journal& journal, const v1::TaskRecord& task);

}  // namespace switchboard::store
