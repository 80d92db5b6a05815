// A hub that lost a tail asks for it: what was answered beyond the last position it still has.
#pragma once

#include "adapters/sdk/outbox.h"

namespace switchboard::sdk {

// Unconfirms what the hub asks for again (durable). Nothing if it asks for nothing. By position
// and never by time: nobody knows how wrong either clock was when an answer was given.
Status answer_recovery(Outbox& outbox, const v1::Welcome& welcome);

}  // namespace switchboard::sdk
