// Noise: what repeats the routed fields that were told last is noted, not told (DESIGN §6).
//
// The last fields are kept for each thread, or, for a kind that belongs to none, for the subject as
// this source knows it. A cancellation has the fields of what it cancels and is never noise (P7).
// Live, test and trial are kept apart: none of them silences another. Thread: the loop.
#pragma once

#include <string>

#include "broker/core/turn.h"
#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

// Remembers the routed fields; true if the event says nothing new. `subject` may be empty.
bool is_noise(Turn& turn, const v1::EventHeader& header, const std::string& subject);
// An event that was told did not happen: what says so next is told again.
void forget_routed_fields(Turn& turn, const v1::EventRecord& record);

}  // namespace switchboard::core
