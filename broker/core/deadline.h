// The clock (P8): passed deadlines, most urgent first, each level of an escalation once for ever.
//
// A deadline of a delivery is to be received, to be acknowledged level after level, or to be
// actioned. Levels are counted from the deadline before, whenever that was told: after an outage
// all that passed ring at once, in one tick. Thread: the loop.
#pragma once

#include "broker/core/escalation.h"

namespace switchboard::core {

// The rows whose time has come, from this time on, the first `most` of them. One that is about
// something damaged stays where it is (damage.h) and is none of them, however many there are.
std::vector<store::Due> passed_deadlines(Turn& turn, int64_t from_us, size_t most);
// What due rows ask for, at most `most` of them; each row that rang is gone afterwards, whatever
// came of it. Returns how many rang.
size_t ring_most_urgent(Turn& turn, std::vector<store::Due> due, size_t most);

// Nobody could have met this deadline of the delivery:
// - it passed while no hub was there to be told: before this process opened the store, and unrung;
// - or systems of the team that had been attached before were away, and none has it still: its
//   people could not pick up what they were not shown. That no system has it is no excuse for that.
// A team that no system ever attached for is reached by other means, and is late like any other.
bool unavoidable(Turn& turn, const Delivery& late, v1::DueClock clock, Time due);

}  // namespace switchboard::core
