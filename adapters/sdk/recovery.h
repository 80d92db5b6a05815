// A hub that lost a tail asks for it: what its Welcome says, in this client's own time.
#pragma once

#include "adapters/sdk/outbox.h"
#include "broker/base/time.h"

namespace switchboard::sdk {

// Clocks differ by what Welcome.now_us shows, and by as much as nobody measured; a resend too many
// is a duplicate the hub knows, one too few is a loss.
inline constexpr Duration kResendMargin = seconds(300);

// Unconfirms what the hub asks for again (durable). Nothing if it asks for nothing.
Status answer_recovery(Outbox& outbox, const v1::Welcome& welcome, Time now);

}  // namespace switchboard::sdk
