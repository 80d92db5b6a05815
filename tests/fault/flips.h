// One byte that is wrong, one file that is short, one that is gone: what comes of it.
//
// Owns: nothing. Each case damages a copy of a world at rest (at_rest.h), starts it again and has
// it judged: harmless, survived or said. Silence breaks the promise. Thread: the run's.
#pragma once

#include "tests/fault/at_rest.h"

namespace switchboard::fault {

// Apart: in processes of their own (apart.h), for a process that has not used RocksDB yet.
enum class Where : uint8_t { kHere, kApart };
// So many flips in all, shared out over every kind of file in every place; backups too.
void flip_bytes(uint64_t flips, uint64_t seed, Where where, Tallies& tallies);
// Logs cut short, on a record's boundary and off it.
void truncate_logs(uint64_t runs, uint64_t seed, Tallies& tallies);
// Each file of each kind is gone once.
void lose_files(uint64_t seed, Tallies& tallies);

}  // namespace switchboard::fault
