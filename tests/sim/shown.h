// Judges what an endpoint is sent (P9): its own team's log, no more of an event than today's matrix
// allows, and nothing to a key that is revoked or has expired.
//
// Knows the rule by itself, from directory rows. Thread: the run's.
#pragma once

#include <string>
#include <vector>

#include "tests/support/hub_core.h"

namespace switchboard::sim {

// What is wrong with this frame to the member of that name.
std::vector<std::string> shown_too_much(const support::HubCore& hub, const std::string& member,
                                        const v1::Deliver& frame);

}  // namespace switchboard::sim
