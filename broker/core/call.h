// Call tasks: ring this team, on the number that is right now; ended only by a logged call.
//
// The sender is asked to ring: every team that is reached by phone alone; the teams asked to act on
// an immediate event, as the hub does not replace the call; the social care of an area that no team
// covers. A call that reached somebody picks the delivery up for a team without a screen, and for a
// team that was rung because nobody had answered; the first call about an immediate event does not:
// that team has a screen and a clock of its own. Thread: the loop.
#pragma once

#include "broker/core/delivery.h"
#include "broker/core/task_act.h"

namespace switchboard::core {

// For the recipients of an event that is accepted in this turn; `area` as routed, empty: not known.
void ask_for_calls(Turn& turn, const v1::EventRecord& event, uint64_t position,
                   std::string_view area);
// For teams that were told of it later.
void ask_for_calls(Turn& turn, uint64_t position, const v1::AddedRecipients& added);
// At a level of an escalation: `caller` is to ring `ring` about this delivery. One that still is to
// do so is not asked twice: that call counts for the clock from then on.
void ask_to_call(Turn& turn, const Delivery& about, const v1::Team& caller, const v1::Team& ring,
                 Duration within);
// `caller` is to ring `ring` for what `request` asks; nobody's clock stops by it.
void ask_to_call_for(Turn& turn, const v1::EventRecord& event, uint64_t position,
                     const v1::Team& caller, const v1::Team& ring, Time due,
                     const std::string& request);
// The team that makes calls for the sender of an event; null: there is none.
const v1::Team* caller_for(const Turn& turn, const v1::EventRecord& event);

// A call that was made: on a task, or on a delivery without one.
TaskAnswer log_call(Turn& turn, const v1::Team& team, const Deed& deed);

}  // namespace switchboard::core
