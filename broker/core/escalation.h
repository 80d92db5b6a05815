// One level of an escalation: who is told when a deadline has passed, and who picking it up ends it
// (P8).
//
// The levels are those of the policy row the delivery was told by. Level 1 always tells the sender.
// A level's id is a hash of event, team, clock and level, never of a position, so a repeat after a
// restore is the same one. What escalation tells is not escalated again, unless policy has a row
// that names it as a cause, and then once. Thread: the loop.
#pragma once

#include <string_view>
#include <vector>

#include "broker/core/target.h"
#include "broker/core/telling.h"

namespace switchboard::core {

Id escalation_id(std::string_view event_id, std::string_view team, uint8_t level,
                 v1::DueClock clock = v1::DUE_CLOCK_ACKNOWLEDGE);

// How many levels the clock of this delivery has.
uint8_t levels_of(Turn& turn, const Delivery& late, v1::DueClock clock);
// When the level after `passed` is due; counted from that deadline, not from when it was told.
Time next_level(Turn& turn, const Delivery& late, const Passed& passed);

// Records the level with the delivery, saves it, and tells whom the level names; once for ever.
void escalate(Turn& turn, Telling& telling, Delivery& late, const Passed& passed);
// The logs it would write to, for finding out that there is a storm.
std::vector<store::LogId> told_by(Turn& turn, const Delivery& late, const Passed& passed);

// Somebody who was told by escalation has picked it up by this step: the late team's clock stops,
// its delivery stays open, its log says who has it.
void escalation_picked_up(Turn& turn, const Delivery& by, const v1::DeliveryStep& step);
// … and that was taken back: the original clock runs again, unless another of those told has it.
void escalation_given_back(Turn& turn, const Delivery& by);

}  // namespace switchboard::core
