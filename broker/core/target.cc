#include "broker/core/target.h"

#include <algorithm>
#include <array>

#include "broker/core/call.h"
#include "broker/core/clock.h"
#include "broker/core/inbox.h"
#include "broker/core/stand_in.h"

namespace switchboard::core {
namespace {

using Tell = google::protobuf::RepeatedField<int>;

bool has(const auto& list, const auto& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// That no system has it, and that nothing was done, the sender learns first. Without levels of its
// own a row has one: the deputy, or whoever is next, and the sender.
Tell told_at(const v1::PolicyRow* row, const Passed& passed) {
  Tell tell;
  const bool receive = passed.clock == v1::DUE_CLOCK_RECEIVE;
  if (!receive && (passed.clock != v1::DUE_CLOCK_ACTION || passed.level > 1)) {
    if (row == nullptr || row->levels().empty()) tell.Add(v1::ESCALATION_TO_DEPUTY);
    if (row != nullptr && passed.level <= row->levels_size()) {
      tell = row->levels(passed.level - 1).tell();
    }
  }
  if (passed.level == 1 && !has(tell, int{v1::ESCALATION_TO_SENDER})) {
    tell.Add(v1::ESCALATION_TO_SENDER);
  }
  return tell;
}

// Who is to ring is told, too: the sender, or the next in charge.
v1::EscalationTo place_of(int tell) {
  if (tell == v1::ESCALATION_TO_CALL_SENDER) return v1::ESCALATION_TO_SENDER;
  if (tell == v1::ESCALATION_TO_CALL_TEAM) return v1::ESCALATION_TO_DEPUTY;
  return static_cast<v1::EscalationTo>(tell);
}

const v1::Team* in_place(const Turn& turn, const v1::Team& team, v1::EscalationTo place) {
  switch (place) {
    case v1::ESCALATION_TO_DEPUTY:
      return turn.directory.team(team.deputy_team());
    case v1::ESCALATION_TO_SPOC:
      return turn.directory.team(team.spoc_team());
    case v1::ESCALATION_TO_EDT:
      return turn.directory.team(team.edt_team());
    case v1::ESCALATION_TO_SAFETY_NET:
      return turn.directory.safety_net(team.agency());
    default:
      return nullptr;
  }
}

bool may_be_told(const Delivery& late, const v1::Team* other) {
  if (other == nullptr || other->id() == late.team->id() || other->closed()) return false;
  return may_stand_in(late.event.audience(), *late.team, other) &&
         same_environment(*other, late.event) && !has(late.record.refused_by(), other->id());
}

// The first that may be told, from this place on.
const v1::Team* find_team(const Turn& turn, const Delivery& late, v1::EscalationTo from) {
  constexpr std::array kPlaces = {v1::ESCALATION_TO_DEPUTY, v1::ESCALATION_TO_SPOC,
                                  v1::ESCALATION_TO_EDT, v1::ESCALATION_TO_SAFETY_NET};
  const bool staffed = turn.directory.staffing(*late.team).staffed(turn.now);
  for (const auto place : kPlaces) {
    if (place < from) continue;
    // In its hours the duty team is told where a level names it, and for nobody else.
    if (place == v1::ESCALATION_TO_EDT && from != place && staffed) continue;
    const v1::Team* team = in_place(turn, *late.team, place);
    if (may_be_told(late, team)) return team;
  }
  return nullptr;
}

// The sender rings the late team; the next in charge rings the sender.
void add_call(const Turn& turn, const Delivery& late, int tell, Targets& targets) {
  const v1::Team* sender = caller_for(turn, late.event);
  Call call;
  if (tell == v1::ESCALATION_TO_CALL_SENDER) call = {sender, late.team};
  if (tell == v1::ESCALATION_TO_CALL_TEAM) {
    call = {find_team(turn, late, v1::ESCALATION_TO_DEPUTY), sender};
  }
  if (call.caller == nullptr || call.ring == nullptr || call.caller == call.ring) return;
  if (same_environment(*call.caller, late.event)) targets.calls.push_back(call);
}

}  // namespace

Targets targets_of(Turn& turn, const Delivery& late, const Passed& passed) {
  Targets targets;
  for (const int tell : told_at(policy_row_of(turn, late.recipient), passed)) {
    add_call(turn, late, tell, targets);
    const auto place = place_of(tell);
    if (place == v1::ESCALATION_TO_SENDER) {
      targets.sender = sender_of(turn, late.event);
      continue;
    }
    const auto* team = find_team(turn, late, place);
    if (team != nullptr && !has(targets.teams, team)) targets.teams.push_back(team);
  }
  const v1::Team* sender = targets.sender;
  const bool inbox = sender != nullptr && sender != late.team &&
                     same_environment(*sender, late.event) && !has(targets.teams, sender);
  if (inbox) targets.teams.push_back(sender);
  return targets;
}

}  // namespace switchboard::core
