// A task as it is shown: the number to ring is the one that is right at that moment, never stored.
//
// Pure reads. Words that people wrote are opened with `seal`, and left out where it is null
// (operators). Thread: any, from a snapshot.
#pragma once

#include <string>
#include <string_view>

#include "broker/base/seal.h"
#include "broker/core/directory.h"
#include "broker/store/payload.h"
#include "broker/store/task_rows.h"

namespace switchboard::core {

v1::Task shown_task(const Directory& directory, const v1::TaskRecord& task, Time now);
Result<v1::TaskRow> task_row(const store::Reads& reads, const Directory& directory,
                             const SealKey* seal, const v1::TaskRecord& task, Time now);
// The words of one step of a task of that event.
Result<v1::TaskDone> read_step(const store::Reads& reads, const SealKey* seal,
                               uint64_t event_position, const v1::TaskStep& step);

// In Task.ring_team of a record: no team, but the numbers of an area.
std::string area_ring(std::string_view area);
std::string_view words_of(v1::CallResult result);

}  // namespace switchboard::core
