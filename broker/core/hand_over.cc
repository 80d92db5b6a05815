#include "broker/core/hand_over.h"

#include <algorithm>

#include "broker/core/clock.h"
#include "broker/core/inbox.h"
#include "broker/core/ladder.h"
#include "broker/core/pass_on.h"
#include "broker/core/stand_in.h"
#include "broker/core/standing.h"
#include "broker/store/rows.h"

namespace switchboard::core {
namespace {

bool picked_up(const Delivery& delivery) {
  return delivery.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED;
}

// Why the team can be offered nothing, with what to do instead; empty: it can.
std::string unfit(const Acting& a, const v1::Team* to) {
  const std::string& id = a.act.to_team();
  if (to == nullptr) return "there is no team " + id + " in the directory";
  if (id == a.team()) return "it is with " + id + " already";
  if (to->reach() == v1::REACH_PHONE) {
    return id + " is not on the hub: ring it, and log the call";
  }
  if (to->closed()) return id + " is closed: choose another team";
  if (!same_environment(*to, a.delivery.event)) return id + " is of the other environment";
  if (!may_stand_in(a.delivery.event.audience(), *a.delivery.team, to)) {
    return "the sender keeps it from the agency of " + id + ": ring the sender";
  }
  return {};
}

// Why this delivery cannot be offered to that team now; empty: it can.
std::string barred(Acting& a, const v1::Team& to) {
  if (a.delivery.attention() != v1::ATTENTION_ACT) {
    return "it asks for no act, so there is nothing to hand over";
  }
  const auto mine = giver_of(a.turn, a.delivery);
  if (mine && !picked_up(a.delivery)) {
    return mine->recipient.team() + " has only offered it: take it first, or decline it";
  }
  const auto other = find_delivery_of(a.turn, a.delivery.event_position, to.handle());
  if (!other) return {};
  if (has_refused(other->record, to.id())) return to.id() + " has said that it is not theirs";
  const auto giver = giver_of(a.turn, *other);
  if (giver && giver->recipient.team() != a.team()) {
    return giver->recipient.team() + " has offered it to " + to.id() + " already: wait for that";
  }
  return {};
}

std::vector<Before> before_of(Turn& turn, const v1::DeliveryStep& step) {
  const auto id = id_from_bytes(step.act_id());
  const auto done = id ? store::find_act(turn.journal, *id) : std::nullopt;
  return done ? decode_before(done->before) : std::vector<Before>();
}

// The offer before this one is no longer made.
void withdraw(Acting& a) {
  const v1::Team* team = a.turn.directory.team(a.delivery.record.handed_to());
  if (team == nullptr) return;
  auto offered = find_delivery_of(a.turn, a.delivery.event_position, team->handle());
  if (!offered) return;
  const auto* offer = standing_offer(offered->record, team->id());
  if (offer == nullptr) return;
  a.before.push_back(as_it_stands(*offered));
  take_back(a, *offered, before_of(a.turn, *offer));
  auto change = change_of(a, v1::CHANGE_REROUTED);
  change.set_to_team(a.act.to_team());
  tell(a, *offered, std::move(change));
}

// As the giver was asked, or, where a person of it has picked it up, as policy asks anew.
int64_t offered_until(const Acting& a) {
  return picked_up(a.delivery) ? 0 : acknowledge_by(a.delivery);
}

}  // namespace

std::optional<Delivery> giver_of(Turn& turn, const Delivery& delivery) {
  const std::string& team = delivery.recipient.team();
  const auto* offer = standing_offer(delivery.record, team);
  const v1::Team* by = offer == nullptr ? nullptr : turn.directory.team(offer->actor().team());
  if (by == nullptr) return std::nullopt;
  auto giver = find_delivery_of(turn, delivery.event_position, by->handle());
  if (!giver || giver->record.handed_to() != team || ended(giver->state())) return std::nullopt;
  return giver;
}

void tell_giver(Turn& turn, const Delivery& offered, v1::ChangeRecord change) {
  const auto giver = giver_of(turn, offered);
  if (!giver) return;
  change.set_refers_to(giver->number());
  append_change(turn, giver->inbox(), std::move(change), offered.event.urgency());
}

Done hand_over(Acting& a) {
  const v1::Team* to = a.turn.directory.team(a.act.to_team());
  if (auto why = unfit(a, to); !why.empty()) return {v1::CODE_INVALID, std::move(why)};
  if (auto why = barred(a, *to); !why.empty()) return conflict(std::move(why));
  if (a.delivery.record.handed_to() == to->id()) {
    return conflict("it is offered to " + to->id() + " already: it has not answered yet");
  }
  begin(a);
  withdraw(a);
  const uint64_t number = pass_on(a, *to,
                                  {.cause = v1::CAUSE_HANDOVER,
                                   .facts = a.team() + " hands it over: take it or decline it",
                                   .acknowledge_by_us = offered_until(a),
                                   .change = v1::CHANGE_HANDED_OVER,
                                   .refused_by = {a.delivery.record.refused_by().begin(),
                                                  a.delivery.record.refused_by().end()}});
  add_step(a, a.delivery).set_to_team(to->id());
  a.delivery.record.set_handed_to(to->id());
  a.delivery.record.set_handed_number(number);
  save_own(a);
  auto change = change_of(a, v1::CHANGE_HANDED_OVER);
  change.set_to_team(to->id());
  tell(a, a.delivery, change);
  tell_sender(a, std::move(change));
  return {v1::CODE_OK, "offered to " + to->id() + "; it stays with " + a.team() +
                           " until somebody there takes it"};
}

Done take(Acting& a) {
  const auto giver = giver_of(a.turn, a.delivery);
  if (!giver) return conflict("nobody offers it to this team: pick it up, or the offer is gone");
  return take(a, *giver);
}

Done take(Acting& a, const Delivery& offering) {
  begin(a);
  Delivery giver = offering;
  a.before.push_back(as_it_stands(giver));
  const bool moves = !picked_up(a.delivery);
  // P4: theirs to act on, though another of the group had it, or they had it only to see.
  if (moves) a.delivery.record.set_attention(v1::ATTENTION_ACT);
  if (moves) clock_after(a.turn, a.delivery, v1::DELIVERY_STATE_ACKNOWLEDGED);
  add_step(a, a.delivery, moves ? v1::DELIVERY_STATE_ACKNOWLEDGED : v1::DELIVERY_STATE_UNSPECIFIED)
      .set_to_team(a.team());
  save_own(a);
  stop_clock(a.turn, giver);
  v1::DeliveryStep& end = add_step(a, giver, v1::DELIVERY_STATE_FINISHED);
  end.set_act(v1::ACT_KIND_TAKE);
  end.set_to_team(a.team());
  save_other(a, giver);
  auto change = change_of(a, v1::CHANGE_TAKEN);
  change.set_to_team(a.team());
  tell(a, a.delivery, change);
  tell(a, giver, change);
  tell_sender(a, std::move(change));
  return {v1::CODE_OK, "taken from " + giver.recipient.team()};
}

Done decline(Acting& a) {
  auto giver = giver_of(a.turn, a.delivery);
  if (!giver) return conflict("nobody offers it to this team: say that it is not yours instead");
  const auto before = before_of(a.turn, *standing_offer(a.delivery.record, a.team()));
  begin(a);
  // What the offer began here ends; what the team had before stays as it is.
  const Before* was = find(before, a.delivery);
  Delivery then = a.delivery;
  if (was != nullptr) then.record = was->record;
  const bool had_it =
      was == nullptr || (!was->told_by_it && then.open() && then.attention() == v1::ATTENTION_ACT);
  const bool ends = !had_it && !picked_up(a.delivery);
  if (ends) stop_clock(a.turn, a.delivery);
  add_step(a, a.delivery, ends ? v1::DELIVERY_STATE_FINISHED : v1::DELIVERY_STATE_UNSPECIFIED);
  save_own(a);
  giver->record.clear_handed_to();
  giver->record.clear_handed_number();
  add_step(a, *giver);
  save_other(a, *giver);
  tell(a, *giver, change_of(a, v1::CHANGE_DECLINED));
  tell_own(a, v1::CHANGE_DECLINED);
  return {v1::CODE_OK, "it stays with " + giver->recipient.team()};
}

}  // namespace switchboard::core
