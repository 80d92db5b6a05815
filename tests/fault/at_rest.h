// A world that lies still, with every kind of file a store has, to be damaged one case at a time.
//
// Owns: the world, stopped; a backup of the hub; what each file is. One part's store is real. The
// outboxes hold items the hub has not got: those only their own disk can lose. Thread: the run's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/fault/disk_tally.h"

namespace switchboard::fault {

// The member whose store is damaged where it is not the hub's.
inline constexpr size_t kDamagedPublisher = 0;
inline constexpr size_t kDamagedDesk = 2;
inline constexpr const char* kBackup = "/machine/backup";

struct AtRest {
  std::unique_ptr<DiskWorld> world;
  Part part = Part::kHub;
  size_t index = 0;

  Ground& ground(DiskWorld& of) const { return of.ground(part, index); }
  // Files of one kind, with content.
  std::vector<std::string> files(const std::string& kind) const;
};

AtRest at_rest(Part part, uint64_t seed);

// WAL, SST, MANIFEST, CURRENT, OPTIONS, IDENTITY, and for the hub "backup".
std::string kind_of(const std::string& path);

// Where a log's records begin, and where its last one ends.
std::vector<size_t> record_bounds(const std::string& log);

// The damaged copy starts again; whether what it then does is right, or said.
// What was refused is then mended as the runbooks say, and must be whole.
Outcome judge_damaged(const AtRest& rest, DiskWorld& world, std::string& text);

}  // namespace switchboard::fault
