// Handing a delivery over: an offer to another team, which is complete only when that team takes
// it. Until then it stays with the giver, and so do its clocks: an offer is no way out (P4, P8).
//
// One open offer at a time; a new one withdraws the one before. An acknowledgement of what was
// offered is a taking. Thread: the loop.
#pragma once

#include "broker/core/acting.h"

namespace switchboard::core {

Done hand_over(Acting& acting);
// TAKE, and an ACKNOWLEDGE of what was offered.
Done take(Acting& acting, const Delivery& giver);
Done take(Acting& acting);
Done decline(Acting& acting);

// Whose offer this delivery is, open still; nothing: it was not offered, or the offer is gone.
std::optional<Delivery> giver_of(Turn& turn, const Delivery& delivery);
// What happens to an offer is told to who made it, too: that nobody took it in time.
void tell_giver(Turn& turn, const Delivery& offered, v1::ChangeRecord change);

}  // namespace switchboard::core
