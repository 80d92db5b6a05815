#include "broker/core/act.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/clock.h"
#include "broker/core/damage.h"
#include "broker/core/hand_over.h"
#include "broker/core/in_hand.h"
#include "broker/core/ladder.h"
#include "broker/core/not_ours.h"
#include "broker/core/task_act.h"
#include "broker/core/undo.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

constexpr char kDamaged[] =
    "the hub's disk has damaged this entry: ring the sender, and tell the hub's operators what "
    "was done";

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

// What the person saw: by the number, or, where the number stands for another event since a tail
// was lost, by the event. An act is never done on an event that nobody meant.
std::optional<Delivery> find_meant(Turn& turn, const v1::Team& team, const v1::Act& act) {
  auto found = find_delivery(turn, team.handle(), act.number());
  if (act.event_id().empty()) return found;
  if (found && found->event.event_id() == act.event_id()) return found;
  const auto id = id_from_bytes(act.event_id());
  if (!id) return std::nullopt;
  const auto known = turn.journal.take(store::read_known(turn.journal, *id, {}));
  if (!known) return std::nullopt;
  return find_delivery_of(turn, known->position, team.handle());
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

// One rung up: opened, acknowledged, actioned, finished.
Done climb(Acting& a, v1::DeliveryState to) {
  if (to == v1::DELIVERY_STATE_ACKNOWLEDGED) {
    if (const auto giver = giver_of(a.turn, a.delivery)) return take(a, *giver);
  }
  begin(a);
  // P4: what another of the group had picked up is theirs to act on, too, once they pick it up.
  const bool eased = a.delivery.record.attention() == v1::ATTENTION_SEE;
  if (eased && to == v1::DELIVERY_STATE_ACKNOWLEDGED) a.delivery.record.clear_attention();
  clock_after(a.turn, a.delivery, to);
  add_step(a, a.delivery, to);
  save_own(a);
  tell_own(a, change_of(to));
  return {};
}

// What the ladder allows, done.
Done carry_out(Acting& a, v1::DeliveryState to) {
  switch (a.act.kind()) {
    case v1::ACT_KIND_NOT_OURS:
      return not_ours(a);
    case v1::ACT_KIND_HAND_OVER:
      return hand_over(a);
    case v1::ACT_KIND_TAKE:
      return take(a);
    case v1::ACT_KIND_DECLINE:
      return decline(a);
    case v1::ACT_KIND_UNDO:
      return undo(a);
    default:
      return climb(a, to);
  }
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
  if (is_task_act(act.kind())) {
    return std::string(view(Hasher().add(act.SerializeAsString()).finish()).substr(0, 8));
  }
  Hasher hasher;
  hasher.add(act.team())
      .add(act.number())
      .add(uint64_t(act.kind()))
      .add(act.actor().person())
      .add(act.outcome())
      .add(act.event_id());
  // Only of those that have it: what older acts were hashed by stays as it was.
  if (act.kind() > v1::ACT_KIND_FINISH) {
    hasher.add(uint64_t(act.not_ours())).add(act.to_team()).add(act.undoes());
  }
  const Hash full = hasher.finish();
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

v1::ActOutcome act_on_task(Turn& turn, const v1::PrincipalRow& who, const Id& id,
                           const v1::Act& act) {
  TaskAnswer done = task_act(turn, full_actor(turn, who, act), act);
  auto out = answer(act, done.code, std::move(done.text));
  out.set_state(done.state);
  out.set_position(done.position);
  if (done.position > 0) {
    store::write_act(turn.journal, id, {done.position, v1::CODE_OK, done.state, what_of(act)});
  }
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
  if (is_task_act(act.kind())) return act_on_task(turn, who, *id, act);
  const v1::Team* team = turn.directory.team(act.team());
  if (team != nullptr && !readable(turn, team->handle(), act.number())) {
    return answer(act, v1::CODE_NOT_FOUND, kDamaged);
  }
  auto found = team == nullptr ? std::nullopt : find_meant(turn, *team, act);
  if (!found) return answer(act, v1::CODE_NOT_FOUND, "the team has no delivery of this number");
  // P4: whatever was done before, a person can always end it.
  const bool full = found->record.steps_size() >= static_cast<int>(limits::kStepsMax);
  if (full && act.kind() != v1::ACT_KIND_FINISH) {
    return answer(act, v1::CODE_CONFLICT, "too many acts on this delivery: finish it");
  }
  const Ruling ruling = rule(found->record, found->attention(), act);
  if (!ruling.changes) {
    auto out = answer(act, ruling.code, ruling.text);
    out.set_state(ruling.code == v1::CODE_OK ? ruling.to : state_of(found->record));
    return out;
  }
  Acting acting{
      .turn = turn, .act = act, .actor = full_actor(turn, who, act), .delivery = std::move(*found)};
  const bool had = in_hand(acting.delivery);
  Done done = carry_out(acting, ruling.to);
  auto out = answer(act, done.code, std::move(done.text));
  out.set_state(acting.delivery.state());
  if (done.code != v1::CODE_OK) return out;
  pass_word(turn, acting.delivery, had);
  out.set_position(acting.position());
  store::write_act(turn.journal, *id,
                   {out.position(), v1::CODE_OK, out.state(), what_of(act), encode(acting.before)});
  return out;
}

}  // namespace switchboard::core
