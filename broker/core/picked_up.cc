#include "broker/core/picked_up.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/clock.h"
#include "broker/core/inbox.h"
#include "broker/core/ladder.h"

namespace switchboard::core {
namespace {

// Picked up elsewhere (ACKNOWLEDGE), or given back (UNDO), by another team.
bool is_elsewhere(const v1::DeliveryStep& step, const std::string& team) {
  return step.state() == v1::DELIVERY_STATE_UNSPECIFIED && step.overdue_level() == 0 &&
         step.to_team() == team &&
         (step.act() == v1::ACT_KIND_ACKNOWLEDGE || step.act() == v1::ACT_KIND_UNDO);
}

bool holds(const v1::DeliveryRecord& record, const std::string& team) {
  for (int i = record.steps_size() - 1; i >= 0; --i) {
    if (is_elsewhere(record.steps(i), team)) {
      return record.steps(i).act() == v1::ACT_KIND_ACKNOWLEDGE;
    }
  }
  return false;
}

void add_step(Turn& turn, Delivery& waiting, const Delivery& by, v1::ActKind act,
              v1::DueClock clock) {
  v1::DeliveryStep& step = *waiting.record.add_steps();
  step.set_at_us(turn.now.us);
  step.set_act(act);
  step.set_to_team(by.recipient.team());
  step.set_clock(clock);
  step.set_position(turn.audit.position());
}

// The clock that the first of those who have it stopped.
v1::DueClock rested(const v1::DeliveryRecord& record) {
  for (int i = record.steps_size() - 1; i >= 0; --i) {
    const auto& step = record.steps(i);
    if (is_elsewhere(step, step.to_team()) && step.clock() != v1::DUE_CLOCK_UNSPECIFIED) {
      return step.clock();
    }
  }
  return v1::DUE_CLOCK_UNSPECIFIED;
}

// It ended because a person opened it.
bool only_seen(const v1::DeliveryRecord& record) {
  if (!ended(state_of(record))) return false;
  const auto& steps = record.steps();
  const auto end = std::find_if(steps.rbegin(), steps.rend(), [](const auto& step) {
    return step.state() == v1::DELIVERY_STATE_FINISHED;
  });
  return end != steps.rend() && end->act() == v1::ACT_KIND_OPEN;
}

}  // namespace

void note_picked_up(Turn& turn, Delivery& waiting, const Delivery& by,
                    const v1::DeliveryStep& step) {
  const auto clock = clock_of(waiting).which;
  suspend_clock(turn, waiting);
  if (waiting.record.steps_size() >= static_cast<int>(limits::kStepsMax)) return;
  add_step(turn, waiting, by, v1::ACT_KIND_ACKNOWLEDGE, clock);
  *waiting.record.mutable_steps()->rbegin()->mutable_actor() = step.actor();
}

bool give_back(Turn& turn, Delivery& waiting, const Delivery& by) {
  if (!holds(waiting.record, by.recipient.team())) return false;
  const auto clock = rested(waiting.record);
  add_step(turn, waiting, by, v1::ACT_KIND_UNDO, v1::DUE_CLOCK_UNSPECIFIED);
  if (!held_by(waiting).empty()) return true;
  waiting.record.clear_attention();
  // P4: where it had only been seen, as was enough meanwhile, it waits for an act again.
  if (only_seen(waiting.record)) waiting.record.set_state(v1::DELIVERY_STATE_OPENED);
  if (clock != v1::DUE_CLOCK_UNSPECIFIED) resume_clock(turn, waiting, clock);
  tell_picked_up(turn, waiting, by, {}, v1::CHANGE_UNDONE);
  return true;
}

std::string held_by(const Delivery& waiting) {
  const auto& steps = waiting.record.steps();
  const auto it = std::find_if(steps.rbegin(), steps.rend(), [&](const auto& step) {
    return !step.to_team().empty() && step.act() == v1::ACT_KIND_ACKNOWLEDGE &&
           is_elsewhere(step, step.to_team()) && holds(waiting.record, step.to_team());
  });
  return it == steps.rend() ? std::string() : it->to_team();
}

void tell_picked_up(Turn& turn, const Delivery& waiting, const Delivery& by,
                    const v1::DeliveryStep& step, v1::Change what) {
  v1::ChangeRecord change;
  change.set_change(what);
  change.set_refers_to(waiting.number());
  change.set_event_position(waiting.event_position);
  change.set_at_us(turn.now.us);
  change.set_about_team(by.recipient.team());
  if (step.has_actor()) *change.mutable_actor() = step.actor();
  change.set_sealed_outcome(step.sealed_outcome());
  append_change(turn, waiting.inbox(), std::move(change), waiting.event.urgency());
}

}  // namespace switchboard::core
