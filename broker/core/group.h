// Groups ("any of them may pick up"): an acknowledgement in one team stops the clocks of the
// others.
//
// The others are told at their next staffed moment, with what was done by then, and have it to see
// from then on. Thread: the loop.
#pragma once

#include <string>
#include <vector>

#include "broker/core/delivery.h"
#include "broker/core/route.h"

namespace switchboard::core {

// Of each match in its order, the group that it and another of them belong to; empty strings, or
// nothing at all where there is no group.
std::vector<std::string> groups_among(const Directory& directory,
                                      const std::vector<Match>& matches);

// A person of `by` has picked it up with this step.
void group_picked_up(Turn& turn, const Delivery& by, const v1::DeliveryStep& step);
// That was taken back: the others have their clocks again, unless one of them has it.
void group_given_back(Turn& turn, const Delivery& by);
// The due row of a team's next staffed moment.
void tell_in_the_morning(Turn& turn, const store::Due& due);

}  // namespace switchboard::core
