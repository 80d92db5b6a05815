// Something a person is to do: a call, a reply, a review, a step of a disagreement.
//
// One noun for all of them: an entry in the team's inbox, a TaskRecord and a due row, in the commit
// of what caused it. Its id is a hash of the cause, so that a repeat after a restore is the same
// task, once for ever. It ends by a person's recorded act, or is moot with a reason (P4): a clock
// that passes tells people and ends nothing. What each kind asks: call.h, question.h, review.h,
// disagreement.h. Thread: the loop.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/turn.h"
#include "broker/store/keys.h"

namespace switchboard::core {

struct NewTask {
  v1::TaskKind kind = v1::TASK_KIND_UNSPECIFIED;
  const v1::Team* team = nullptr;  // whose it is
  const v1::EventRecord& event;
  uint64_t event_position = 0;
  std::string about{};   // with event, team and kind the cause: whom to ring, which request …
  uint32_t ordinal = 0;  // … and which one of several of the same cause
  std::string title{};   // names neither child nor kind of event
  std::string ring_team{};
  std::vector<std::string> script{};
  Time due{};
  uint64_t refers_to = 0;  // number of a delivery in the team's inbox
  bool satisfies_clock = false;
  std::string asked_by{};  // team; empty: the hub
  std::string request{};
  uint32_t step = 0;
  v1::TaskStep asked{};  // who asked and in which words; empty: the hub
};

Id task_id(const NewTask& task);
// False: there is this one already.
bool make_task(Turn& turn, const NewTask& task);
std::optional<v1::TaskRecord> find_task(Turn& turn, std::string_view id);
bool is_open(const v1::TaskRecord& task);

// What a person did about a task; the words are sealed under the event's key.
struct Deed {
  const v1::Act& act;
  const v1::Actor& actor;
};
v1::TaskStep step_of(Turn& turn, uint64_t event_position, const Deed& deed);
// Kept with the task, which stays open. Both return the position of the audit entry.
uint64_t keep_step(Turn& turn, v1::TaskRecord& task, const Deed& deed);
// Done: the team and whoever asked are told.
uint64_t finish_task(Turn& turn, v1::TaskRecord& task, const Deed& deed);
// What it waits for comes at another time: its clock runs anew, to `due`.
void move_task(Turn& turn, v1::TaskRecord& task, Time due);
// Nobody waits for it any more; `why` is the hub's own words, without identity.
void make_moot(Turn& turn, v1::TaskRecord& task, const std::string& why);
// All open tasks of an event.
void make_tasks_moot(Turn& turn, uint64_t event_position, const std::string& why);

// The due row of a task: level 1 tells the team and whoever asked, level 2 also the safety net.
void ring_task(Turn& turn, const store::Due& due);
// A change about a task in the logs of its team and of whoever asked.
void tell_of_task(Turn& turn, const v1::TaskRecord& task, v1::ChangeRecord change);

}  // namespace switchboard::core
