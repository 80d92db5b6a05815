// Power cuts: at any call that writes, during recovery, twice in a row, with torn tails.
//
// What was promised must be there afterwards, without a loss recorded: nothing synced was touched.
// Thread: the run's.
#pragma once

#include "tests/fault/disk_tally.h"

namespace switchboard::fault {

inline constexpr uint64_t kCutsPerWorld = 5;

// At least so many cuts, in worlds of seeds from this one on.
void cut_power(uint64_t cuts, uint64_t seed, Tallies& tallies);

}  // namespace switchboard::fault
