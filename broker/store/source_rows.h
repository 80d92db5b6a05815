// The newest source message id of each source, as far as the index is complete: written with the
// last rows of a run (adr/0033).
//
// Not here: what "newest" means (core/newest_sources.h). Fails: CODE_INTERNAL on a corrupt row.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/base/result.h"
#include "broker/store/journal.h"

namespace switchboard::store {

struct NewestSource {
  std::string agency;
  std::string system;
  std::string message_id;
};

// Nothing: no run was ever written, or by a hub that kept none.
Result<std::optional<std::vector<NewestSource>>> read_newest_sources(const kv::Reads& reads);
void write_newest_sources(Journal& journal, const std::vector<NewestSource>& sources);

}  // namespace switchboard::store
