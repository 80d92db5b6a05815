#include "broker/core/deadline.h"

#include <algorithm>

#include "broker/core/birth.h"
#include "broker/core/clock.h"
#include "broker/core/correction.h"
#include "broker/core/inbox.h"
#include "broker/core/ladder.h"
#include "broker/core/task.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

v1::ChangeRecord overdue_change(const Turn& turn, const Delivery& o, const store::Due& due) {
  v1::ChangeRecord change;
  change.set_change(v1::CHANGE_OVERDUE);
  change.set_refers_to(due.number);
  change.set_event_position(o.event_position);
  change.set_at_us(turn.now.us);
  change.set_overdue_level(due.level);
  change.set_about_team(o.team->id());
  return change;
}

void mark(Turn& turn, Delivery& o, const store::Due& due, uint64_t position) {
  v1::DeliveryStep& step = *o.record.add_steps();
  step.set_at_us(turn.now.us);
  step.set_position(position);
  step.set_overdue_level(due.level);
  o.record.set_overdue_level(due.level);
  stop_clock(turn, o);
  save(turn, o);
}

// The agencies that the sender left out stay left out, whoever stands in for whom. One that was
// told all the same, as it has what is corrected (P7), goes on within itself.
bool may_stand_in(const v1::Audience& audience, const v1::Team& team, const v1::Team* other) {
  const auto has = [&](const auto& list) {
    return std::find(list.begin(), list.end(), other->agency()) != list.end();
  };
  if (other == nullptr) return false;
  if (other->agency() == team.agency()) return true;
  if (has(audience.never_agencies())) return false;
  return audience.only_agencies().empty() || has(audience.only_agencies());
}

// The next to be told: the team's deputy, else the safety net of its agency.
const v1::Team* next_team(const Turn& turn, const v1::Team& team, const v1::Audience& audience) {
  const v1::Team* deputy = turn.directory.team(team.deputy_team());
  if (!may_stand_in(audience, team, deputy)) deputy = turn.directory.safety_net(team.agency());
  if (!may_stand_in(audience, team, deputy)) return nullptr;
  return deputy->id() == team.id() ? nullptr : deputy;
}

v1::Recipient escalation_to(const Turn& turn, const v1::Team& to, const Delivery& o,
                            const store::Due& due, const Id& id) {
  v1::Recipient r;
  r.set_team(to.id());
  r.set_team_handle(to.handle());
  r.set_cause(v1::CAUSE_ESCALATION);
  r.set_route("escalation");
  r.set_facts("nobody in " + o.team->id() + " picked it up by the deadline");
  r.set_attention(v1::ATTENTION_ACT);
  r.set_added_us(turn.now.us);
  r.set_overdue_level(due.level);
  r.set_cause_id(std::string(id.view()));
  return r;
}

// A team that already has the event is told of the change; another gets a delivery.
void tell(Turn& turn, const Delivery& o, const store::Due& due, const v1::Team& team, const Id& id,
          std::vector<v1::Recipient>& added) {
  if (!same_environment(team, o.event)) return;
  const auto has = std::find_if(o.told.begin(), o.told.end(),
                                [&](const auto& r) { return r.team() == team.id(); });
  if (has == o.told.end()) {
    const bool twice = std::any_of(added.begin(), added.end(),
                                   [&](const auto& r) { return r.team() == team.id(); });
    if (!twice) added.push_back(escalation_to(turn, team, o, due, id));
    return;
  }
  auto change = overdue_change(turn, o, due);
  change.set_refers_to(has->number());
  append_change(turn, {team.handle(), store::Log::kInbox}, std::move(change), o.event.urgency());
}

void escalate(Turn& turn, Delivery& o, const store::Due& due) {
  const Id id = escalation_id(o.event.event_id(), o.team->id(), due.level);
  if (store::escalated(turn.journal, id)) return;
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_ESCALATED);
  const uint64_t position = entry.position();
  entry.set_event_position(o.event_position);
  entry.set_team(o.team->id());
  entry.set_number(due.number);
  entry.set_text("overdue level " + std::to_string(due.level));
  store::write_escalated(turn.journal, id, position);
  mark(turn, o, due, position);
  append_change(turn, {due.team, store::Log::kInbox}, overdue_change(turn, o, due),
                o.event.urgency());

  std::vector<v1::Recipient> added;
  if (const v1::Team* next = next_team(turn, *o.team, o.event.audience()))
    tell(turn, o, due, *next, id, added);
  if (const v1::Team* sender = sender_of(turn, o.event)) {
    auto change = overdue_change(turn, o, due);
    change.set_refers_to(0);
    append_change(turn, {sender->handle(), store::Log::kSent}, std::move(change),
                  o.event.urgency());
    if (sender->id() != o.team->id()) tell(turn, o, due, *sender, id, added);
  }
  add_recipients(turn, o.event_position, o.event.urgency(), std::move(added), position);
  correct_newcomers(turn, o.event_position, position);
}

// A correction whose original never came: void or wrong-subject ones go to people, an update that
// updates nothing is noted. It still takes effect if the original comes later.
void give_up_waiting(Turn& turn, uint64_t position) {
  if (!store::in_queue(turn.journal, store::Queue::kHeld, position)) return;
  const auto event = turn.journal.take(store::read_event(turn.journal, position));
  if (!event) return;
  store::remove_from_queue(turn.journal, store::Queue::kHeld, position);
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_CORRECTED);
  const uint64_t at = entry.position();
  entry.set_event_position(position);
  entry.set_text("held correction: its original did not come in time");
  if (event->correction() == v1::CORRECTION_NATURE_SUPERSEDED ||
      event->environment() == v1::ENVIRONMENT_TEST) {
    return;
  }
  store::add_to_queue(turn.journal, store::Queue::kUnrouted, position);
  const v1::Team* net = turn.directory.safety_net(event->agency());
  if (net == nullptr) return;
  Match match{net, v1::CAUSE_SAFETY_NET, "safety net", 0, "a correction without its original"};
  add_recipients(turn, position, event->urgency(),
                 {make_recipient(turn, match, "correction", event->urgency())}, at);
}

}  // namespace

Id escalation_id(std::string_view event_id, std::string_view team, uint8_t level) {
  return make_id({0}, Hasher()
                          .add("switchboard escalation 1")
                          .add(event_id)
                          .add(team)
                          .add(uint64_t{level})
                          .finish());
}

static void act_on(Turn& turn, const store::Due& due) {
  if (due.kind == store::DueKind::kHeld) return give_up_waiting(turn, due.number);
  if (due.kind == store::DueKind::kTask) return ring_task(turn, due);
  if (due.kind == store::DueKind::kWatch) return ring_birth(turn, due);
  auto overdue = find_delivery(turn, due.team, due.number);
  if (!overdue || overdue->team == nullptr) return;
  if (overdue->state() >= v1::DELIVERY_STATE_ACKNOWLEDGED) return;
  escalate(turn, *overdue, due);
}

void ring(Turn& turn, const store::Due& due) {
  const uint64_t before = turn.audit.position();
  act_on(turn, due);
  store::remove_due(turn.journal, due);
  if (turn.audit.position() != before) return;
  // P10: the row goes, so there is an entry, also where nobody was to be told any more.
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_CLOCK);
  entry.set_number(due.number);
  entry.set_text("a deadline passed that nobody waits for any more");
}

}  // namespace switchboard::core
