#include "broker/core/act.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/inbox.h"
#include "broker/core/ladder.h"
#include "broker/store/payload.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

bool has(const auto& list, const auto& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// Why this connection or person may not act for the team, or nothing (P9).
std::string barred(const Turn& turn, const v1::PrincipalRow& who, const v1::Act& act) {
  if (!has(who.roles(), static_cast<int>(v1::ROLE_ENDPOINT)) || !has(who.teams(), act.team())) {
    return "this key is not enrolled for the team";
  }
  const v1::Person* person = turn.directory.person(act.actor().person());
  if (person == nullptr) return "the person is not enrolled: apply a directory file that has them";
  if (person->disabled()) return "the person's enrolment is disabled";
  if (!has(person->teams(), act.team())) return "the person is not a member of the team";
  return {};
}

struct Found {
  v1::Recipient recipient;
  v1::EventRecord event;
  v1::DeliveryRecord delivery;
};

std::optional<Found> find(Turn& turn, const v1::Team& team, uint64_t number) {
  const store::LogId log{team.handle(), store::Log::kInbox};
  const auto entry = turn.journal.take(store::read_entry(turn.journal, log, number));
  if (!entry || entry->type != v1::ENTRY_TYPE_DELIVERY) return std::nullopt;
  auto event = turn.journal.take(store::read_event(turn.journal, entry->position));
  if (!event) return std::nullopt;
  Found found;
  const auto recipients =
      turn.journal.take_or_default(store::read_recipients(turn.journal, entry->position));
  const auto mine = std::find_if(recipients.begin(), recipients.end(), [&](const auto& r) {
    return r.team_handle() == team.handle() && r.number() == number;
  });
  if (mine == recipients.end()) return std::nullopt;
  found.recipient = *mine;
  found.event = std::move(*event);
  auto delivery = turn.journal.take(store::read_delivery(turn.journal, team.handle(), number));
  if (delivery) found.delivery = std::move(*delivery);
  found.delivery.set_event_position(entry->position);
  return found;
}

v1::Actor full_actor(const Turn& turn, const v1::PrincipalRow& who, const v1::Act& act) {
  v1::Actor actor = act.actor();
  const v1::Person* person = turn.directory.person(actor.person());
  actor.set_principal(who.id());
  actor.set_team(act.team());
  actor.set_name(person->name());
  if (actor.role().empty()) actor.set_role(person->role());
  // A connection may claim no more than it is enrolled for.
  const auto most =
      who.assurance() == v1::ASSURANCE_UNSPECIFIED ? v1::ASSURANCE_ASSERTED : who.assurance();
  if (actor.assurance() == v1::ASSURANCE_UNSPECIFIED || actor.assurance() > most) {
    actor.set_assurance(most);
  }
  return actor;
}

void stop_clock(Turn& turn, const Found& found) {
  if (found.recipient.acknowledge_by_us() == 0) return;
  store::remove_due(turn.journal,
                    {found.recipient.acknowledge_by_us(), store::DueKind::kAcknowledge,
                     found.recipient.team_handle(), found.recipient.number(), 1});
}

v1::Change change_of(v1::DeliveryState state) {
  switch (state) {
    case v1::DELIVERY_STATE_OPENED:
      return v1::CHANGE_OPENED;
    case v1::DELIVERY_STATE_ACKNOWLEDGED:
      return v1::CHANGE_ACKNOWLEDGED;
    case v1::DELIVERY_STATE_ACTIONED:
      return v1::CHANGE_ACTIONED;
    default:
      return v1::CHANGE_FINISHED;
  }
}

// Other screens of the team, and the sender, learn of it by the same log machinery.
void tell(Turn& turn, const Found& found, const v1::DeliveryStep& step) {
  v1::ChangeRecord change;
  change.set_change(change_of(step.state()));
  change.set_refers_to(found.recipient.number());
  change.set_event_position(found.delivery.event_position());
  change.set_at_us(step.at_us());
  *change.mutable_actor() = step.actor();
  change.set_sealed_outcome(step.sealed_outcome());
  change.set_about_team(found.recipient.team());
  append_change(turn, {found.recipient.team_handle(), store::Log::kInbox}, change,
                found.event.urgency());
  const v1::Team* sender = sender_of(turn, found.event);
  if (sender == nullptr) return;
  change.set_refers_to(0);
  append_change(turn, {sender->handle(), store::Log::kSent}, std::move(change),
                found.event.urgency());
}

uint64_t record(Turn& turn, Found& found, const v1::Act& act, v1::Actor actor,
                v1::DeliveryState to) {
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_ACT);
  entry.set_event_position(found.delivery.event_position());
  entry.set_principal(actor.principal());
  entry.set_person(actor.person());
  entry.set_team(act.team());
  entry.set_number(act.number());
  entry.set_text(v1::ActKind_Name(act.kind()));

  v1::DeliveryStep& step = *found.delivery.add_steps();
  step.set_state(to);
  step.set_at_us(turn.now.us);
  step.set_client_at_us(act.at_us());
  *step.mutable_actor() = std::move(actor);
  step.set_sealed_outcome(store::seal_text(turn.journal, turn.secrets.seal, turn.entropy,
                                           found.delivery.event_position(), act.outcome()));
  step.set_position(entry.position());
  found.delivery.set_state(to);
  found.delivery.set_acknowledge_by_us(found.recipient.acknowledge_by_us());
  const std::string row = found.delivery.SerializeAsString();
  entry.set_digest(std::string(view(keyed_hash(turn.secrets.digest, row))));
  store::write_delivery(turn.journal, found.recipient.team_handle(), act.number(), found.delivery);
  if (to >= v1::DELIVERY_STATE_ACKNOWLEDGED) stop_clock(turn, found);
  tell(turn, found, step);
  return entry.position();
}

v1::ActOutcome answer(const v1::Act& act, v1::Code code, std::string text) {
  v1::ActOutcome out;
  out.set_act_id(act.act_id());
  out.set_code(code);
  out.set_text(std::move(text));
  return out;
}

// What was done, in eight bytes: the same act id must not stand for another act (P2).
std::string what_of(const v1::Act& act) {
  const Hash full = Hasher()
                        .add(act.team())
                        .add(act.number())
                        .add(uint64_t(act.kind()))
                        .add(act.actor().person())
                        .add(act.outcome())
                        .finish();
  return std::string(view(full).substr(0, 8));
}

v1::ActOutcome answer_again(const v1::Act& act, const store::DoneAct& done) {
  if (done.what != what_of(act)) {
    return answer(act, v1::CODE_CONFLICT, "this act_id was used for another act");
  }
  auto out = answer(act, done.code, {});
  out.set_position(done.position);
  out.set_state(done.state);
  return out;
}

}  // namespace

v1::ActOutcome act(Turn& turn, const v1::PrincipalRow& who, const v1::Act& act) {
  const auto id = id_from_bytes(act.act_id());
  if (!id) return answer(act, v1::CODE_INVALID, "act_id must be 16 bytes");
  if (act.outcome().size() > limits::kOutcomeBytesMax) {
    return answer(act, v1::CODE_OVERSIZE, "the outcome text is too long");
  }
  if (auto why = barred(turn, who, act); !why.empty()) {
    return answer(act, v1::CODE_NOT_ALLOWED, std::move(why));
  }
  if (const auto done = store::find_act(turn.journal, *id)) return answer_again(act, *done);
  const v1::Team* team = turn.directory.team(act.team());
  auto found = team == nullptr ? std::nullopt : find(turn, *team, act.number());
  if (!found) return answer(act, v1::CODE_NOT_FOUND, "the team has no delivery of this number");
  // P4: whatever was done before, a person can always end it.
  const bool full = found->delivery.steps_size() >= static_cast<int>(limits::kStepsMax);
  if (full && act.kind() != v1::ACT_KIND_FINISH) {
    return answer(act, v1::CODE_CONFLICT, "too many acts on this delivery: finish it");
  }
  const Ruling ruling = rule(found->delivery, found->recipient.attention(), act);
  auto out = answer(act, ruling.code, ruling.text);
  out.set_state(ruling.code == v1::CODE_OK ? ruling.to : state_of(found->delivery));
  if (!ruling.changes) return out;
  out.set_position(record(turn, *found, act, full_actor(turn, who, act), ruling.to));
  store::write_act(turn.journal, *id, {out.position(), v1::CODE_OK, ruling.to, what_of(act)});
  return out;
}

}  // namespace switchboard::core
