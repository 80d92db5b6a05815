// A number that was rung and was somebody else's: the team's numbers count as not verified from the
// next turn on, so that every list shows them as stale. Thread: the loop.
#pragma once

#include "broker/core/turn.h"

namespace switchboard::core {

void number_was_wrong(Turn& turn, const v1::Team& team, const v1::Actor& who);

}  // namespace switchboard::core
