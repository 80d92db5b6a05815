// How much waits for a person in the inbox of each team: a row for each, written in the commits
// that change it, so that nobody counts what lies in the log.
//
// Not here: what counts (core/open_counts.h). Fails: CODE_INTERNAL on a corrupt row.
#pragma once

#include <cstdint>
#include <optional>

#include "broker/base/result.h"
#include "broker/store/journal.h"
#include "broker/store/keys.h"

namespace switchboard::store {

struct OpenCount {
  uint64_t open = 0;     // deliveries that ask for an act and have not ended
  uint64_t overdue = 0;  // … of those: late, and nobody has picked them up
  uint64_t first = 0;    // no delivery below this number is open
  auto operator<=>(const OpenCount&) const = default;
};

// Nothing: the team never had any.
Result<std::optional<OpenCount>> read_open_count(const kv::Reads& reads, TeamHandle team);
void write_open_count(Journal& journal, TeamHandle team, const OpenCount& count);
// The epoch in which the rows above were kept last; 0: never. A hub of an earlier version does not
// keep them: in an epoch of its own they are left behind.
Result<uint64_t> read_counted_epoch(const kv::Reads& reads);
void write_counted_epoch(Journal& journal, uint64_t epoch);

}  // namespace switchboard::store
