// After a key event (policy: birth, move, discharge, death …) each team with an open item on the
// child says: updated, or no change because. Thread: the loop.
#pragma once

#include "broker/core/turn.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

// Of an event that is accepted in this turn. The deliveries of the event itself do not count.
void ask_for_reviews(Turn& turn, const v1::EventRecord& event, uint64_t position);

}  // namespace switchboard::core
