// "Not ours", "no longer ours", "not known here": the delivery ends for this team, and the next
// candidate has it with the clock as it was (P4, P8).
//
// The next: whom today's routes name and who was not told, the team's deputy, its single point of
// contact, the safety net. Never one that refused. After two refusals the safety net and its named
// lead; the safety net itself cannot refuse. Thread: the loop.
#pragma once

#include "broker/core/acting.h"

namespace switchboard::core {

Done not_ours(Acting& acting);

}  // namespace switchboard::core
