// What somebody does who looks at an entry: the ladder, a call, a reply; or asks, or disagrees.
//
// Pure but for the random numbers. Thread: the run's.
#pragma once

#include <string>

#include "broker/base/time.h"
#include "switchboard/v1/session.pb.h"
#include "tests/sim/random.h"

namespace switchboard::sim {

v1::Act act_on(const std::string& team, const v1::Entry& entry, Time now, Random& random);
// For a person's eyes: "amy picks up X99-HV 7".
std::string words_of(const v1::Act& act);

}  // namespace switchboard::sim
