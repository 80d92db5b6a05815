#include "broker/core/escalation.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/call.h"
#include "broker/core/circumstances.h"
#include "broker/core/clock.h"
#include "broker/core/correction.h"
#include "broker/core/hand_over.h"
#include "broker/core/inbox.h"
#include "broker/core/nudge.h"
#include "broker/core/picked_up.h"

namespace switchboard::core {
namespace {

constexpr Duration kCallWithin = seconds(30 * 60);  // a level's call task

bool has(const auto& list, const auto& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

v1::ChangeRecord overdue_change(const Turn& turn, const Delivery& late, const Passed& passed) {
  v1::ChangeRecord change;
  change.set_change(v1::CHANGE_OVERDUE);
  change.set_event_position(late.event_position);
  change.set_at_us(turn.now.us);
  change.set_overdue_level(passed.level);
  change.set_about_team(late.recipient.team());
  change.set_unavoidable(passed.unavoidable);
  if (passed.clock != v1::DUE_CLOCK_ACKNOWLEDGE) change.set_clock(passed.clock);
  return change;
}

std::string words(const Passed& passed) {
  switch (passed.clock) {
    case v1::DUE_CLOCK_RECEIVE:
      return "not received in time";
    case v1::DUE_CLOCK_ACTION:
      return "action overdue level " + std::to_string(passed.level);
    default:
      return "overdue level " + std::to_string(passed.level);
  }
}

std::string facts(const Delivery& late, const Passed& passed) {
  const std::string& team = late.recipient.team();
  switch (passed.clock) {
    case v1::DUE_CLOCK_RECEIVE:
      return "no system of " + team + " received it by the deadline";
    case v1::DUE_CLOCK_ACTION:
      return team + " picked it up and recorded no action by the deadline";
    default:
      return "nobody in " + team + " picked it up by the deadline";
  }
}

// P8: bounded: what an escalation told may have a clock by a row that names escalation, and what
// that tells has none.
void fill_clocks(Turn& turn, const v1::Team& to, const Delivery& late, v1::Recipient& r) {
  r.set_attention(v1::ATTENTION_ACT);
  if (late.recipient.cause() == v1::CAUSE_ESCALATION) return;
  const auto asked = attention(turn.directory.policy().row, circumstances_of(late.event),
                               relation_of(turn, to, v1::CAUSE_ESCALATION));
  if (asked.row == nullptr || !has(asked.row->causes(), int{v1::CAUSE_ESCALATION})) return;
  fill_asked(turn, to, asked, r);
  r.set_attention(v1::ATTENTION_ACT);
}

v1::Recipient escalation_to(Turn& turn, const v1::Team& to, const Delivery& late,
                            const Passed& passed, const Id& id) {
  v1::Recipient r;
  r.set_team(to.id());
  r.set_team_handle(to.handle());
  r.set_cause(v1::CAUSE_ESCALATION);
  r.set_route("escalation");
  r.set_facts(facts(late, passed));
  r.set_added_us(turn.now.us);
  r.set_overdue_level(passed.level);
  r.set_cause_id(std::string(id.view()));
  fill_clocks(turn, to, late, r);
  return r;
}

void mark(Turn& turn, Delivery& late, const Passed& passed, uint64_t position) {
  v1::DeliveryStep& step = *late.record.add_steps();
  step.set_at_us(turn.now.us);
  step.set_position(position);
  step.set_overdue_level(passed.level);
  step.set_unavoidable(passed.unavoidable);
  if (passed.clock != v1::DUE_CLOCK_ACKNOWLEDGE) {
    step.set_clock(passed.clock);
  } else {
    late.record.set_overdue_level(passed.level);
  }
  save(turn, late);
}

const v1::Recipient* find_told(const Delivery& late, const v1::Team& team) {
  const auto it = std::find_if(late.told.begin(), late.told.end(),
                               [&](const auto& r) { return r.team() == team.id(); });
  return it == late.told.end() ? nullptr : &*it;
}

// A team that has the event already is told of the change; another gets a delivery.
void tell_targets(Turn& turn, Telling& telling, const Delivery& late, const Passed& passed,
                  const Id& id, uint64_t position) {
  const Targets targets = targets_of(turn, late, passed);
  const v1::Urgency urgency = late.event.urgency();
  std::vector<v1::Recipient> added;
  for (const v1::Team* team : targets.teams) {
    const auto* told = find_told(late, *team);
    if (told == nullptr) {
      added.push_back(escalation_to(turn, *team, late, passed, id));
      continue;
    }
    auto change = overdue_change(turn, late, passed);
    change.set_refers_to(told->number());
    telling.tell(turn, {team->handle(), store::Log::kInbox}, std::move(change), urgency);
  }
  if (targets.sender != nullptr) {
    telling.tell(turn, {targets.sender->handle(), store::Log::kSent},
                 overdue_change(turn, late, passed), urgency);
  }
  const auto told_now =
      add_recipients(turn, late.event_position, urgency, std::move(added), position);
  for (const auto& r : told_now.recipients()) {
    auto change = overdue_change(turn, late, passed);
    change.set_refers_to(r.number());
    telling.told({r.team_handle(), store::Log::kInbox}, change, urgency);
  }
  correct_newcomers(turn, late.event_position, position);
  for (const auto& call : targets.calls) {
    ask_to_call(turn, late, *call.caller, *call.ring, kCallWithin);
  }
  auto told_all = targets.teams;
  told_all.push_back(late.team);
  told_all.push_back(targets.sender);
  nudge_overdue(turn, late, passed.level, told_all);
}

// The delivery that was late when `by` was told of it.
std::optional<Delivery> origin_of(Turn& turn, const Delivery& by) {
  if (by.recipient.cause() != v1::CAUSE_ESCALATION) return std::nullopt;
  const auto level = static_cast<uint8_t>(by.recipient.overdue_level());
  for (const auto& r : by.told) {
    for (const auto clock :
         {v1::DUE_CLOCK_ACKNOWLEDGE, v1::DUE_CLOCK_RECEIVE, v1::DUE_CLOCK_ACTION}) {
      const Id id = escalation_id(by.event.event_id(), r.team(), level, clock);
      if (id.view() == by.recipient.cause_id()) {
        return find_delivery(turn, r.team_handle(), r.number());
      }
    }
  }
  return std::nullopt;
}

}  // namespace

Id escalation_id(std::string_view event_id, std::string_view team, uint8_t level,
                 v1::DueClock clock) {
  Hasher hasher;
  hasher.add("switchboard escalation 1").add(event_id).add(team).add(uint64_t{level});
  if (clock != v1::DUE_CLOCK_ACKNOWLEDGE) hasher.add(v1::DueClock_Name(clock));
  return make_id({0}, hasher.finish());
}

uint8_t levels_of(Turn& turn, const Delivery& late, v1::DueClock clock) {
  if (clock == v1::DUE_CLOCK_RECEIVE) return 1;
  const auto* row = policy_row_of(turn, late.recipient);
  const int levels = row == nullptr ? 1 : std::max(1, row->levels_size());
  return static_cast<uint8_t>(std::min<int>(levels, limits::kLevelsMax));
}

Time next_level(Turn& turn, const Delivery& late, const Passed& passed) {
  const auto* row = policy_row_of(turn, late.recipient);
  const auto& level = row->levels(passed.level);  // the one after it
  return deadline(turn.directory, *late.team, passed.due, seconds(level.after_s()), level.clock());
}

void escalate(Turn& turn, Telling& telling, Delivery& late, const Passed& passed) {
  const Id id =
      escalation_id(late.event.event_id(), late.recipient.team(), passed.level, passed.clock);
  if (store::escalated(turn.journal, id)) {
    save(turn, late);  // its clock went on
    return;
  }
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_ESCALATED);
  const uint64_t position = entry.position();
  entry.set_event_position(late.event_position);
  entry.set_team(late.recipient.team());
  entry.set_number(late.number());
  entry.set_text(words(passed));
  store::write_escalated(turn.journal, id, position);
  mark(turn, late, passed, position);
  auto change = overdue_change(turn, late, passed);
  change.set_refers_to(late.number());
  telling.tell(turn, late.inbox(), std::move(change), late.event.urgency());
  tell_giver(turn, late, overdue_change(turn, late, passed));
  tell_targets(turn, telling, late, passed, id, position);
}

std::vector<store::LogId> told_by(Turn& turn, const Delivery& late, const Passed& passed) {
  std::vector<store::LogId> logs{late.inbox()};
  const Targets targets = targets_of(turn, late, passed);
  for (const auto* team : targets.teams) logs.push_back({team->handle(), store::Log::kInbox});
  if (targets.sender != nullptr) logs.push_back({targets.sender->handle(), store::Log::kSent});
  return logs;
}

void escalation_picked_up(Turn& turn, const Delivery& by, const v1::DeliveryStep& step) {
  auto origin = origin_of(turn, by);
  if (!origin || !origin->open()) return;
  const bool waited = origin->state() < v1::DELIVERY_STATE_ACKNOWLEDGED;
  if (!waited && !clock_of(*origin).runs()) return;
  note_picked_up(turn, *origin, by, step);
  save(turn, *origin);
  tell_picked_up(turn, *origin, by, step, v1::CHANGE_ACKNOWLEDGED);
}

void escalation_given_back(Turn& turn, const Delivery& by) {
  auto origin = origin_of(turn, by);
  if (!origin || !give_back(turn, *origin, by)) return;
  save(turn, *origin);
}

}  // namespace switchboard::core
