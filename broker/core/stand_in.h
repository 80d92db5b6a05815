// Who is told in a team's place when it does not pick up or cannot be reached.
//
// The sender's limits (Audience) hold for whoever stands in, too. Thread: the loop.
#pragma once

#include "broker/core/turn.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

// The next to be told: the team's deputy, else the safety net of its agency. Null: nobody.
const v1::Team* next_in_line(const Turn& turn, const v1::Team& team, const v1::Audience& audience);

}  // namespace switchboard::core
