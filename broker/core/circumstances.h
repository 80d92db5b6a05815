// What the policy's rows may ask about one event and one team, looked up only if some row does.
// Thread: the loop.
#pragma once

#include "broker/core/attention.h"
#include "broker/core/route.h"
#include "broker/core/turn.h"

namespace switchboard::core {

// As it is published. Views lie in the header and the record.
Circumstances circumstances_of(Turn& turn, const v1::EventHeader& header, const Facts& facts,
                               const v1::EventRecord& record);
// The same, as far as the event says it itself.
Circumstances circumstances_of(const v1::EventHeader& header, const Facts& facts);
// Of an event that was accepted earlier: what its record says of it.
Circumstances circumstances_of(const v1::EventRecord& record);
Relation relation_of(const Turn& turn, const v1::Team& team, v1::Cause cause);

}  // namespace switchboard::core
