// A concern that X99-HV alone was told of, and acts on it in one line. Thread: the test's.
#pragma once

#include <string>

#include "tests/support/hub_core.h"

namespace switchboard::support {

struct LadderWorld : HubCore {
  explicit LadderWorld(const Event& event = routine_concern())
      : position(publish(event).position) {}

  static Event routine_concern() {
    Event event("concern");
    event.header.set_urgency(v1::URGENCY_ROUTINE);
    return event;
  }
  v1::Act make(const std::string& team, const std::string& person, v1::ActKind kind,
               const std::string& outcome = {}, uint64_t number = 1) {
    return make_act(++acts, team, number, kind, person, outcome);
  }
  using HubCore::act;
  v1::ActOutcome act(const std::string& team, const std::string& person, v1::ActKind kind,
                     const std::string& outcome = {}) {
    return act(make(team, person, kind, outcome));
  }
  v1::ActOutcome pick_up(const std::string& team, const std::string& person) {
    return act(team, person, v1::ACT_KIND_ACKNOWLEDGE);
  }
  v1::ActOutcome refuse(const std::string& team, const std::string& person,
                        v1::NotOurs why = v1::NOT_OURS_NOT_KNOWN) {
    v1::Act refusal = make(team, person, v1::ACT_KIND_NOT_OURS, "lives in another area");
    refusal.set_not_ours(why);
    return act(refusal);
  }
  v1::ActOutcome offer(const std::string& team, const std::string& person, const std::string& to) {
    v1::Act offer = make(team, person, v1::ACT_KIND_HAND_OVER);
    offer.set_to_team(to);
    return act(offer);
  }
  v1::ActOutcome take(const std::string& team, const std::string& person) {
    return act(team, person, v1::ACT_KIND_TAKE);
  }
  v1::ActOutcome undo(const std::string& team, const std::string& person,
                      const std::string& act_id = {}) {
    v1::Act undo = make(team, person, v1::ACT_KIND_UNDO);
    undo.set_undoes(act_id);
    return act(undo);
  }
  v1::Recipient recipient(const std::string& team) const {
    for (const auto& r : recipients(position)) {
      if (r.team() == team) return r;
    }
    return {};
  }
  v1::DeliveryState state(const std::string& team) const { return delivery(team, 1).state(); }

  unsigned acts = 0;
  uint64_t position = 0;
};

}  // namespace switchboard::support
