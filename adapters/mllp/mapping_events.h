// The tables of a mapping file that say where the content of each kind of event stands: visits,
// referrals, appointments, documents, discharges.
//
// Thread: any. Fails: into the reader's errors.
#pragma once

#include "adapters/mllp/mapping.h"
#include "adapters/mllp/toml_reader.h"

namespace switchboard::mllp {

void read_events(TomlReader& in, Mapping& mapping);

}  // namespace switchboard::mllp
