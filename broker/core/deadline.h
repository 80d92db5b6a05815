// The clock (P8): passed deadlines, most overdue first, each escalation once for ever.
//
// An escalation's id is a hash of event, team and level, never of a position, so a repeat after a
// restore is the same escalation. Thread: the loop.
#pragma once

#include "broker/core/turn.h"
#include "broker/store/keys.h"

namespace switchboard::core {

// What one due row asks for; the row is gone afterwards, whatever came of it.
void ring(Turn& turn, const store::Due& due);

Id escalation_id(std::string_view event_id, std::string_view team, uint8_t level);

}  // namespace switchboard::core
