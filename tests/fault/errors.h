// A disk that answers: full, broken, slow, read-only; and a hub that goes back to an old backup.
//
// Every call that writes, opens or reads is made to fail once, in turn, or from then on; what was
// promised must be there when the disk is well again. Thread: the run's.
#pragma once

#include "tests/fault/at_rest.h"

namespace switchboard::fault {

// Each `stride`-th call that writes, in a run of start, work and end; the next run begins with the
// next call.
void fail_calls(uint64_t stride, uint64_t seed, Tallies& tallies);
// The same of calls that open and read files, at the store's start and while it runs.
void fail_reads(uint64_t stride, uint64_t seed, Tallies& tallies);
void slow_syncs(uint64_t runs, uint64_t seed, Tallies& tallies);
void read_only(uint64_t runs, uint64_t seed, Tallies& tallies);
void two_openers(uint64_t seed, Tallies& tallies);
void restore_old_backups(uint64_t runs, uint64_t seed, Tallies& tallies);

}  // namespace switchboard::fault
