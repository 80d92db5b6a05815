// A hub that lost a tail asks for it: what its Welcome says, in this client's own time.
#pragma once

#include "adapters/sdk/outbox.h"
#include "broker/base/time.h"

namespace switchboard::sdk {

// What Welcome.now_us shows is how far the clocks are apart now. How far they were apart when the
// hub wrote what it has left, nobody knows: its wall clock may have been stepped, and set right
// since. A resend too many is a duplicate the hub knows, one too few is a loss.
inline constexpr Duration kResendMargin = seconds(86'400);
// Apart by more than that, one of the clocks is wrong: all that is still held is sent again.
inline constexpr Duration kClocksAgreeWithin = seconds(300);

// Unconfirms what the hub asks for again (durable). Nothing if it asks for nothing.
Status answer_recovery(Outbox& outbox, const v1::Welcome& welcome, Time now);

}  // namespace switchboard::sdk
