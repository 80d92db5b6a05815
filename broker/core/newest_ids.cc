#include "broker/core/newest_ids.h"

#include "broker/store/records.h"

namespace switchboard::core {

Status NewestIds::load(const kv::Reads& reads) {
  TRY(before_, store::read_newest_id(reads));
  return ok();
}

bool NewestIds::is_newer(const Id& id, std::string_view agency) const {
  if (!store::sorts_among_ids(id) || id <= before_) return false;
  const auto newest = since_.find(agency);
  return newest == since_.end() || id > newest->second;
}

void NewestIds::written(const Id& id, std::string_view agency) {
  const auto newest = since_.find(agency);
  if (newest == since_.end()) {
    since_.emplace(agency, id);
  } else if (id > newest->second) {
    newest->second = id;
  }
}

}  // namespace switchboard::core
