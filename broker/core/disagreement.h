// A professional disagreement: steps by policy, each a task with its own clock and owner.
//
// A team disagrees about a delivery it has, with the team that sent the event or one that it names.
// The other side is asked to reply; disagreeing again, or a clock that passes, goes to the next
// step, and both sides are told. Either side's reply settles the step. The last step stays open
// until somebody replies. Thread: the loop.
#pragma once

#include "broker/core/task_act.h"

namespace switchboard::core {

TaskAnswer disagree(Turn& turn, const v1::Team& team, const Deed& deed);
// The clock of a task passed: if it is a step with another after it, that one begins (true).
bool move_on(Turn& turn, v1::TaskRecord& task);
// Those of policy; where it has none four that are marked as an example.
std::vector<v1::DisagreementStep> disagreement_steps(const v1::Policy& policy);

}  // namespace switchboard::core
