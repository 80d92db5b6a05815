// Who has what asks for an act, by the hub's own tables: read by the checker for P4.
//
// An event that asks is open with some team, or a person of one has finished it; and it is never
// open with a team that said it is not theirs. Judges from steps alone, not by the core's words for
// them. Thread: the run's.
#pragma once

#include <string>

#include "tests/support/hub_core.h"

namespace switchboard::sim {

// What is wrong with the event at this position; empty: nothing.
std::string not_held(const support::HubCore& hub, uint64_t position);

}  // namespace switchboard::sim
