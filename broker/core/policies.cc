#include "broker/core/policies.h"

#include "broker/base/limits.h"
#include "broker/store/records.h"

namespace switchboard::core {

const v1::Policy& Policies::at(store::Journal& journal, const Directory& directory,
                               uint64_t version) {
  const auto& in_force = directory.policy();
  if (in_force.version == version) return in_force.row;
  const auto known = earlier_.find(version);
  if (known != earlier_.end()) return known->second;
  if (earlier_.size() >= limits::kPoliciesRememberedMax) earlier_.erase(earlier_.begin());
  auto row = journal.take(store::read_policy(journal, version));
  return earlier_[version] = row ? std::move(*row) : v1::Policy{};
}

}  // namespace switchboard::core
