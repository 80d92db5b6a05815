#include "broker/core/review.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/call.h"
#include "broker/core/involved.h"

namespace switchboard::core {
namespace {

constexpr uint32_t kReviewWithinS = 2 * 86400;  // where policy names no time

const v1::KeyEvent* key_event(const Turn& turn, const std::string& kind) {
  for (const auto& key : turn.directory.policy().row.key_events()) {
    if (key.kind() == kind) return &key;
  }
  return nullptr;
}

Time review_by(const Turn& turn, const v1::KeyEvent& key, const v1::Team& team) {
  const Duration within =
      seconds(key.review_within_s() == 0 ? kReviewWithinS : key.review_within_s());
  if (key.clock() != v1::CLOCK_KIND_WORKING) return turn.now + within;
  return turn.directory.staffing(team).add(turn.now, within);
}

void ask_one(Turn& turn, const v1::EventRecord& event, uint64_t position, const v1::KeyEvent& key,
             const Involved& one) {
  const Time by = review_by(turn, key, *one.team);
  if (one.team->reach() == v1::REACH_PHONE) {
    const v1::Team* caller = caller_for(turn, event);
    if (caller == nullptr || caller->id() == one.team->id()) return;
    return ask_to_call_for(turn, event, position, *caller, *one.team, by, event.event_id());
  }
  NewTask task{.kind = v1::TASK_KIND_REVIEW,
               .team = one.team,
               .event = event,
               .event_position = position,
               .about = "key event",
               .title = "Something changed for a child you have an open item on"};
  task.script = {"Look at your open item again.", "Say what was updated, or why nothing changes."};
  task.due = by;
  task.refers_to = one.number;
  make_task(turn, task);
}

}  // namespace

void ask_for_reviews(Turn& turn, const v1::EventRecord& event, uint64_t position) {
  const v1::KeyEvent* key = key_event(turn, event.kind());
  if (key == nullptr || event.subject().empty()) return;
  size_t asked = 0;
  for (const auto& one : involved(turn, event.subject(), position)) {
    if (!one.open || !may_hear_of(turn, *one.team, event)) continue;
    if (asked++ == limits::kTasksPerRequestMax) return;
    ask_one(turn, event, position, *key, one);
  }
}

}  // namespace switchboard::core
