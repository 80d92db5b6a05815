// Whether a team has an `act` delivery in hand, and who learns when that changes.
//
// Clocks of others rest while it has: of the team that was late when this one was told, and of its
// group. They run again when it is given back: undone, refused, declined. Thread: the loop.
#pragma once

#include "broker/core/delivery.h"

namespace switchboard::core {

// A person of its team has it, or has brought it to its end; one that was refused or declined is in
// nobody's hand.
bool in_hand(const Delivery& delivery);
// After a person's recorded act on it, saved: `had` is what in_hand() said before.
void pass_word(Turn& turn, const Delivery& delivery, bool had);

}  // namespace switchboard::core
