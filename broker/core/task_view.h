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

// The tasks that an event gave rise to, into its journey.
Status add_tasks(const store::Reads& reads, const Directory& directory, const SealKey* seal,
                 uint64_t position, Time now, v1::Journey& journey);
// A task's entry in its team's inbox. It has no subject: nobody's call waits behind an entry about
// the same child that an endpoint could not use (P6). What the team may not know of at all is a
// placeholder (P9); the words of whoever asked are for whom the event's summary may be shown to.
struct TaskEntry {
  const v1::TaskRecord& task;
  const v1::EventRecord& event;
  const v1::Recipient* recipient = nullptr;  // null: the team was not told of the event itself
  std::string asked;                         // the words of whoever asked, opened
};
v1::Notice task_notice(const Directory& directory, const TaskEntry& entry, Time now);
// People's words on a change, which for a task hold what was logged.
Result<std::string> change_words(const store::Reads& reads, const SealKey& seal, uint64_t position,
                                 const v1::ChangeRecord& change);
// "spoke to the duty midwife: will visit today".
std::string words_of(const v1::TaskDone& done);

// In Task.ring_team of a record: no team, but the numbers of an area.
std::string area_ring(std::string_view area);
std::string_view words_of(v1::CallResult result);

}  // namespace switchboard::core
