// A delivery whose clock rests because somebody else has it: another of its group, or a team that
// was told by escalation.
//
// The record keeps who and by which act, and the clock as it was, so that an act that is taken back
// gives the clock back. Thread: the loop.
#pragma once

#include "broker/core/delivery.h"

namespace switchboard::core {

// Suspends the clock of `waiting` and notes who has it; not saved.
void note_picked_up(Turn& turn, Delivery& waiting, const Delivery& by,
                    const v1::DeliveryStep& step);
// Takes that back. The clock runs again unless another team has it; false: it was not `by`'s.
bool give_back(Turn& turn, Delivery& waiting, const Delivery& by);
// Who else has it now; empty: nobody.
std::string held_by(const Delivery& waiting);

// Tells the waiting team of it, in its inbox.
void tell_picked_up(Turn& turn, const Delivery& waiting, const Delivery& by,
                    const v1::DeliveryStep& step, v1::Change change);

}  // namespace switchboard::core
