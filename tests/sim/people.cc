#include "tests/sim/people.h"

#include <array>

#include "adapters/sdk/acts.h"

namespace switchboard::sim {
namespace {

std::string person_of(const std::string& team, Random& random) {
  if (team == "X99-HV") return random.chance(500) ? "amy" : "ben";
  if (team == "X99-DUTY") return "cat";
  if (team == "X26-SAFETY") return "dev";
  return team == "X99-MASH" ? "meg" : "sue";
}

// Most go up the ladder; some pass it on, take it, or think again.
v1::Act rung_of(const std::string& team, const v1::Entry& seen, Random& random) {
  constexpr std::array kTeams{"X99-HV", "X99-DUTY", "X99-MASH", "X99-SAFETY", "X26-SAFETY"};
  const uint64_t first = random.chance(600) ? v1::ACT_KIND_OPEN : v1::ACT_KIND_NOT_OURS;
  const uint64_t kinds = first == v1::ACT_KIND_OPEN ? 4 : 5;
  const auto kind = static_cast<v1::ActKind>(first + random.below(kinds));
  v1::Act act = sdk::act_on(team, seen, kind, person_of(team, random));
  if (act.kind() >= v1::ACT_KIND_ACTION) act.set_outcome("rang the family");
  if (act.kind() == v1::ACT_KIND_NOT_OURS) {
    act.set_not_ours(static_cast<v1::NotOurs>(1 + random.below(3)));
  }
  if (act.kind() == v1::ACT_KIND_HAND_OVER) act.set_to_team(kTeams[random.below(kTeams.size())]);
  return act;  // an UNDO is of the person's newest
}

}  // namespace

v1::Act act_on(const std::string& team, const v1::Entry& entry, Time now, Random& random) {
  const bool task = entry.notice().type() == v1::ENTRY_TYPE_TASK;
  const auto task_kind = entry.notice().task().kind();
  const bool call = task && task_kind == v1::TASK_KIND_CALL;
  auto kind = call ? v1::ACT_KIND_LOG_CALL : v1::ACT_KIND_REPLY;
  if (!task) {
    if (!random.chance(80)) return rung_of(team, entry, random);
    kind = random.chance(500) ? v1::ACT_KIND_ASK : v1::ACT_KIND_DISAGREE;
  }
  v1::Act act = sdk::act_on(team, entry, kind, person_of(team, random));
  act.set_outcome("rang the family");
  if (task && task_kind == v1::TASK_KIND_HANDOVER) {
    act.set_outcome(random.chance(500) ? "1: the nurse, tomorrow" : "1: the nurse\n2: the ward");
  }
  if (task) act.set_task_id(entry.notice().task().task_id());
  if (kind == v1::ACT_KIND_ASK) act.set_reply_by_us((now + seconds(3600)).us);
  if (call) {
    act.mutable_call()->set_result(static_cast<v1::CallResult>(1 + random.below(4)));
    act.mutable_call()->set_spoke_to("whoever was on duty");
  }
  return act;
}

std::string words_of(const v1::Act& act) {
  constexpr std::string_view kPrefix = "ACT_KIND_";
  std::string kind = v1::ActKind_Name(act.kind()).substr(kPrefix.size());
  for (char& c : kind) c = c == '_' ? ' ' : static_cast<char>(std::tolower(c));
  std::string words = act.actor().person() + " of " + act.team() + ": " + kind + " on number " +
                      std::to_string(act.number());
  if (!act.to_team().empty()) words += ", to " + act.to_team();
  return words;
}

}  // namespace switchboard::sim
