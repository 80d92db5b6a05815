// Rows of end-to-end probes: one per source and team, the newest and the newest that was proven.
//
// Thread: writes from the loop; reads from any snapshot. Fails: CODE_INTERNAL for I/O and for bytes
// that are not the record.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "broker/store/records.h"

namespace switchboard::store {

struct ProbeRow {
  TeamHandle team = 0;
  v1::ProbeRecord record;
};
// Of every team, by its handle.
Result<std::vector<ProbeRow>> read_probes(const kv::Reads& reads);
// Of every source that probed this team.
Result<std::vector<ProbeRow>> read_probes(const kv::Reads& reads, TeamHandle team);
Result<std::optional<v1::ProbeRecord>> read_probe(const kv::Reads& reads, TeamHandle team,
                                                  std::string_view agency, std::string_view system);
void write_probe(Journal& journal, TeamHandle team, const v1::ProbeRecord& record);

}  // namespace switchboard::store
