// Planted bugs that change what is on disk behind the core's back.
//
// Owns: nothing; the hub reads its rows again where it kept them. Between two turns. Thread: the
// run's.
#pragma once

#include "tests/sim/bug.h"
#include "tests/sim/random.h"
#include "tests/support/hub_core.h"

namespace switchboard::sim {

// Nothing for bugs that live elsewhere.
void tamper(Bug bug, support::HubCore& hub, Random& random);

}  // namespace switchboard::sim
