// Cuts a failing run down: to its shortest failing prefix, and to the kinds of fault it needs.
//
// Whether a prefix fails is not monotone: what bisection finds is run once more before it is
// believed. Thread: the caller's. Fails: never; where nothing shorter fails the run itself is
// given.
#pragma once

#include <string>

#include "tests/sim/run.h"

namespace switchboard::sim {

struct Shrunk {
  Settings settings;  // with the whole trace
  Outcome outcome;
};
// `failed` is what these settings came to. The same breach must show.
Shrunk shrink(const Settings& settings, const Outcome& failed);

// The run as one command line, and everything a person needs who looks at the failure.
std::string command_of(const Settings& settings);
std::string report_of(const Shrunk& shrunk);

}  // namespace switchboard::sim
