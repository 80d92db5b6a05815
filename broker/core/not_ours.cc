#include "broker/core/not_ours.h"

#include <algorithm>

#include "broker/core/clock.h"
#include "broker/core/hand_over.h"
#include "broker/core/inbox.h"
#include "broker/core/ladder.h"
#include "broker/core/pass_on.h"
#include "broker/core/published.h"
#include "broker/core/stand_in.h"
#include "broker/core/standing.h"

namespace switchboard::core {
namespace {

constexpr size_t kRefusalsMax = 2;  // after so many no other candidate is tried: people decide

struct Next {
  const v1::Team* team = nullptr;  // null: nobody is asked
  std::string text;                // for the person
  std::string facts;               // for the next team
  bool refused = false;            // the act cannot be done
};

// Somebody of another team has it in hand, or had it and finished it.
const Delivery* in_hand(const std::vector<Delivery>& all, std::string_view but) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const Delivery& d) {
    if (d.recipient.team() == but || d.attention() != v1::ATTENTION_ACT) return false;
    if (!ended(d.state())) return d.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED;
    return ended_by(d.record, d.recipient.team(), v1::ACT_KIND_FINISH) ||
           ended_by(d.record, d.recipient.team(), v1::ACT_KIND_UNSPECIFIED);
  });
  return it == all.end() ? nullptr : &*it;
}

class Candidates {
 public:
  Candidates(Acting& a, const std::vector<Delivery>& all) : a_(a), all_(all) {}

  const v1::Team* first() {
    const v1::Team& own = *a_.delivery.team;
    if (const v1::Team* routed = first_routed()) return routed;
    for (const auto& id : {own.deputy_team(), own.spoc_team()}) {
      const v1::Team* team = a_.turn.directory.team(id);
      if (may_have(team) && !gave_it_away(*team)) return team;
    }
    return safety_net();
  }
  // That of the team's agency; else that of the agency that sent it.
  const v1::Team* safety_net() const {
    for (const auto& agency : {a_.delivery.team->agency(), a_.delivery.event.agency()}) {
      const v1::Team* net = a_.turn.directory.safety_net(agency);
      if (may_have(net)) return net;
    }
    return nullptr;
  }
  bool is_safety_net() const {
    for (const auto& agency : {a_.delivery.team->agency(), a_.delivery.event.agency()}) {
      const v1::Team* net = a_.turn.directory.safety_net(agency);
      if (net != nullptr && net->id() == a_.team()) return true;
    }
    return false;
  }
  // Of those before this one.
  std::vector<std::string> refusals() const {
    std::vector<std::string> teams;
    for (const auto& d : all_) {
      if (has_refused(d.record, d.recipient.team())) teams.push_back(d.recipient.team());
    }
    return teams;
  }

 private:
  const v1::Team* first_routed() {
    const auto event = read_published(a_.turn, a_.delivery.event_position);
    if (!event) return nullptr;
    for (const auto& match : routes_of_today(a_.turn, *event)) {
      if (!a_.delivery.told_to(match.team->id()) && may_have(match.team)) return match.team;
    }
    return nullptr;
  }
  const Delivery* delivery_of(const v1::Team& team) const {
    const auto it = std::find_if(all_.begin(), all_.end(),
                                 [&](const auto& d) { return d.recipient.team() == team.id(); });
    return it == all_.end() ? nullptr : &*it;
  }
  bool may_have(const v1::Team* team) const {
    if (!may_stand_in(a_.delivery.event.audience(), *a_.delivery.team, team)) return false;
    if (team->id() == a_.team() || !takes_new(*team)) return false;
    if (!same_environment(*team, a_.delivery.event)) return false;
    const Delivery* told = delivery_of(*team);
    return told == nullptr || !has_refused(told->record, team->id());
  }
  // It has handed it over, or declined it: it is not asked again before the safety net is.
  bool gave_it_away(const v1::Team& team) const {
    const Delivery* told = delivery_of(team);
    if (told == nullptr || !ended(told->state())) return false;
    const auto& steps = told->record.steps();
    return std::any_of(steps.begin(), steps.end(), [&](const auto& step) {
      return step.act() == v1::ACT_KIND_DECLINE || step.act() == v1::ACT_KIND_TAKE;
    });
  }

  Acting& a_;
  const std::vector<Delivery>& all_;
};

std::string lead_of(const Turn& turn, const v1::Team& net) {
  const v1::Person* lead = turn.directory.person(net.named_lead());
  if (lead == nullptr) return "no named lead is in the directory: the team's manager decides";
  return lead->name() + " decides, as its named lead";
}

std::string joined(const std::vector<std::string>& teams) {
  std::string text;
  for (const auto& team : teams) text += (text.empty() ? "" : " and ") + team;
  return text;
}

std::string_view words(v1::NotOurs what) {
  if (what == v1::NOT_OURS_NO_LONGER) return "no longer theirs";
  return what == v1::NOT_OURS_NOT_KNOWN ? "not known there" : "not theirs";
}

// P4: that nobody has it is never the outcome of an act.
Next nobody(const Acting& a, const Candidates& candidates) {
  const v1::Team* net = candidates.is_safety_net() ? a.delivery.team : candidates.safety_net();
  return {.text = "there is no other team to ask" +
                  (net == nullptr ? std::string() : "; " + lead_of(a.turn, *net)) +
                  ": hand it over, or pick it up and finish it with the reason",
          .refused = true};
}

// A `see` or `file` delivery has done its work. Nobody else knows of it: the safety net sees it.
Next next_to_see(const Acting& a, const Candidates& candidates) {
  const bool alone = a.delivery.told.size() == 1;
  if (!alone || a.act.not_ours() == v1::NOT_OURS_NO_LONGER) return {};
  const v1::Team* net = candidates.safety_net();
  if (net == nullptr) return {};
  return {.team = net,
          .text = net->id() + " is told instead",
          .facts = a.team() + " said it is " + std::string(words(a.act.not_ours()))};
}

Next next_to_act(const Acting& a, const std::vector<Delivery>& all, Candidates& candidates,
                 const std::vector<std::string>& refused) {
  if (a.delivery.record.corrected() == v1::CORRECTION_NATURE_VOID) {
    return {.text = "the event is void: nobody else is asked"};
  }
  if (const Delivery* other = in_hand(all, a.team())) {
    return {.text = other->recipient.team() + " has picked it up: nobody else is asked"};
  }
  if (candidates.is_safety_net()) return nobody(a, candidates);
  const bool people_decide = refused.size() >= kRefusalsMax;
  Next next;
  next.team = people_decide ? candidates.safety_net() : candidates.first();
  if (next.team == nullptr) return nobody(a, candidates);
  next.text = "now with " + next.team->id() + ", by the same deadline";
  next.facts = a.team() + " said it is " + std::string(words(a.act.not_ours()));
  if (people_decide) {
    const std::string lead = lead_of(a.turn, *next.team);
    next.facts = joined(refused) + " said it is not theirs; " + lead;
    next.text += "; " + lead;
  }
  return next;
}

void refuse(Acting& a, const Next& next, const std::vector<std::string>& refused) {
  begin(a);
  stop_clock(a.turn, a.delivery);
  v1::DeliveryStep& step = add_step(a, a.delivery, v1::DELIVERY_STATE_FINISHED);
  if (next.team != nullptr) step.set_to_team(next.team->id());
  a.delivery.record.mutable_refused_by()->Assign(refused.begin(), refused.end());
  save_own(a);
  tell_own(a, v1::CHANGE_NOT_OURS);
  if (next.team == nullptr) return;
  const bool asks = a.delivery.attention() == v1::ATTENTION_ACT;
  pass_on(a, *next.team,
          {.cause = v1::CAUSE_REROUTE,
           .facts = next.facts,
           .acknowledge_by_us = acknowledge_by(a.delivery),
           .attention = asks ? v1::ATTENTION_ACT : v1::ATTENTION_SEE,
           .change = v1::CHANGE_REROUTED,
           .refused_by = refused});
  auto change = change_of(a, v1::CHANGE_REROUTED);
  change.set_about_team(next.team->id());
  change.clear_sealed_outcome();
  tell_sender(a, std::move(change));
}

}  // namespace

Done not_ours(Acting& a) {
  if (!a.delivery.record.handed_to().empty()) {
    return conflict("it is offered to " + a.delivery.record.handed_to() +
                    ": undo that, or hand it over to another team");
  }
  if (giver_of(a.turn, a.delivery) && a.delivery.state() < v1::DELIVERY_STATE_ACKNOWLEDGED) {
    return conflict("it was offered to you: decline it, and it stays with who offered it");
  }
  const auto all = deliveries_of(a.turn, a.delivery.event_position);
  Candidates candidates(a, all);
  auto refused = candidates.refusals();
  refused.push_back(a.team());
  const bool asks = a.delivery.attention() == v1::ATTENTION_ACT;
  const Next next = asks ? next_to_act(a, all, candidates, refused) : next_to_see(a, candidates);
  if (next.refused) return conflict(next.text);
  refuse(a, next, refused);
  return {v1::CODE_OK, next.text};
}

}  // namespace switchboard::core
