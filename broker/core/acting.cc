#include "broker/core/acting.h"

#include "broker/core/inbox.h"
#include "broker/store/payload.h"

namespace switchboard::core {
namespace {

v1::AuditEntry& new_entry(Acting& a, const Delivery& delivery) {
  v1::AuditEntry& entry = a.turn.audit.next(v1::AUDIT_KIND_ACT);
  entry.set_event_position(delivery.event_position);
  entry.set_principal(a.actor.principal());
  entry.set_person(a.actor.person());
  entry.set_team(delivery.recipient.team());
  entry.set_number(delivery.number());
  entry.set_text(v1::ActKind_Name(a.act.kind()));
  return entry;
}

}  // namespace

void begin(Acting& a) {
  a.entry = &new_entry(a, a.delivery);
  a.before.push_back(as_it_stands(a.delivery));
  a.sealed_outcome = store::seal_text(a.turn.journal, a.turn.secrets.seal, a.turn.entropy,
                                      a.delivery.event_position, a.act.outcome());
}

v1::DeliveryStep& add_step(Acting& a, Delivery& delivery, v1::DeliveryState state) {
  v1::DeliveryStep& step = *delivery.record.add_steps();
  step.set_state(state);
  step.set_at_us(a.turn.now.us);
  step.set_client_at_us(a.act.at_us());
  *step.mutable_actor() = a.actor;
  step.set_sealed_outcome(a.sealed_outcome);
  step.set_position(a.position());
  step.set_act(a.act.kind());
  step.set_act_id(a.act.act_id());
  step.set_not_ours(a.act.not_ours());
  if (state != v1::DELIVERY_STATE_UNSPECIFIED) delivery.record.set_state(state);
  return step;
}

void save_own(Acting& a) { a.entry->set_digest(save(a.turn, a.delivery)); }

void save_other(Acting& a, Delivery& delivery) {
  v1::AuditEntry& entry = new_entry(a, delivery);
  entry.set_text(entry.text() + " by " + a.team());
  entry.set_digest(save(a.turn, delivery));
}

v1::ChangeRecord change_of(const Acting& a, v1::Change what) {
  v1::ChangeRecord change;
  change.set_change(what);
  change.set_event_position(a.delivery.event_position);
  change.set_at_us(a.turn.now.us);
  *change.mutable_actor() = a.actor;
  change.set_sealed_outcome(a.sealed_outcome);
  change.set_about_team(a.team());
  change.set_not_ours(a.act.not_ours());
  return change;
}

void tell(Acting& a, const Delivery& delivery, v1::ChangeRecord change) {
  change.set_refers_to(delivery.number());
  append_change(a.turn, delivery.inbox(), std::move(change), delivery.event.urgency());
}

void tell_sender(Acting& a, v1::ChangeRecord change) {
  const v1::Team* sender = sender_of(a.turn, a.delivery.event);
  if (sender == nullptr) return;
  change.set_refers_to(0);
  append_change(a.turn, {sender->handle(), store::Log::kSent}, std::move(change),
                a.delivery.event.urgency());
}

void tell_own(Acting& a, v1::Change what) {
  tell(a, a.delivery, change_of(a, what));
  tell_sender(a, change_of(a, what));
}

}  // namespace switchboard::core
