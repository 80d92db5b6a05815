// Cases one after the other in a process of their own, so that one that ends it costs only itself.
//
// RocksDB as Debian builds it ends the process by an assertion where some bytes of a table are
// wrong: that is said, not silent, but would take all other cases along. Thread: the caller's,
// which must not have used RocksDB yet, as its threads do not come along. Fails: CHECK.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "tests/fault/disk_tally.h"

namespace switchboard::fault {

// `run(from, tell)` runs the cases from .. count - 1 and tells each one's outcome. Nothing stands
// for a case that ended its process.
using Tell = std::function<void(Outcome)>;
std::vector<std::optional<Outcome>> run_apart(
    uint64_t count, const std::function<void(uint64_t from, const Tell& tell)>& run);

}  // namespace switchboard::fault
