// A question to every team that has something open on the child: what do you know? (P9: only teams
// that may hear of the event; who may not is not asked and not named.)
//
// Each is asked by a task of its own with the time to reply by; whoever asked learns of each reply,
// and of each that has not come by then. A team without a screen is rung by the team that asks.
// Thread: the loop.
#pragma once

#include "broker/core/task_act.h"

namespace switchboard::core {

TaskAnswer ask(Turn& turn, const v1::Team& team, const Deed& deed);

}  // namespace switchboard::core
