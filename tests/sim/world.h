// The world of the simulation: the small world with levels, clocks of all sorts, hours, a group,
// key events, hand-over prompts, nudges, and norms of silence. Pure; any thread.
#pragma once

#include "switchboard/v1/admin.pb.h"

namespace switchboard::sim {

v1::Directory world_of_all();

}  // namespace switchboard::sim
