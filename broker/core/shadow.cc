#include "broker/core/shadow.h"

namespace switchboard::core {

bool shadowed(const v1::EventRecord& record) {
  return record.disposition() == v1::DISPOSITION_SHADOWED;
}

Id known_id(const Id& event_id, bool shadow) {
  if (!shadow) return event_id;
  return make_id({0}, Hasher().add("on trial").add(event_id.view()).finish());
}

Result<std::optional<store::Known>> find_known(const store::Reads& reads, const Id& event_id,
                                               std::string_view agency) {
  TRY(auto live, store::read_known(reads, event_id, agency));
  if (live) return live;
  return store::read_known(reads, known_id(event_id, true), agency);
}

std::string in_world(const Secrets& secrets, std::string_view hash, v1::Environment environment,
                     bool shadow) {
  const bool test = environment == v1::ENVIRONMENT_TEST;
  if (!test && !shadow) return std::string(hash);
  Hasher hasher(secrets.index);
  hasher.add("world").add(uint64_t{test}).add(uint64_t{shadow}).add(hash);
  return std::string(view(hasher.finish()).substr(0, 16));
}

}  // namespace switchboard::core
