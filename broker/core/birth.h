// An expected birth that nobody told: silence about an unborn baby is an alarm, too.
//
// A pregnancy is known by an identifier of the mother, as most systems know an unborn baby by hers
// alone, else by its own subject. An event of an unborn subject that gives an expected date starts
// one watch, at that date's midnight in London plus policy's grace; another date moves it, and what
// is true when it rings decides: a birth, an end of the pregnancy, a death or an event of the child
// as born means that nobody is asked. Else every team that has the pregnancy open or on its
// caseload, and whoever told the date, gets one task, once for each date. Thread: the loop.
#pragma once

#include "broker/core/turn.h"
#include "broker/store/keys.h"

namespace switchboard::core {

// After an event was accepted at `position`.
void watch_birth(Turn& turn, const v1::EventHeader& header, const v1::Identity& identity,
                 const v1::EventRecord& event, uint64_t position);
// Its due row.
void ring_birth(Turn& turn, const store::Due& due);

}  // namespace switchboard::core
