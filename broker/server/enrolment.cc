#include "broker/server/enrolment.h"

#include <set>

#include "broker/core/in_force.h"

namespace switchboard::server {

void admit_keys(wire::Zap& zap, const core::Directory& directory,
                const std::string& first_admin_key, Time now) {
  std::set<std::string> clients, admins;
  for (const auto& [id, principal] : directory.principals()) {
    if (!core::in_force(principal.row, now)) continue;
    for (const int role : principal.row.roles()) {
      const bool admin = role == v1::ROLE_OPERATOR || role == v1::ROLE_ADMINISTRATOR;
      (admin ? admins : clients).insert(principal.row.public_key());
    }
  }
  const bool first = !first_admin_key.empty() && !directory.has_administrator(now) &&
                     directory.principal_by_key(first_admin_key) == nullptr;
  if (first) admins.insert(first_admin_key);
  zap.allow(kClientsDomain, std::move(clients));
  zap.allow(kAdminsDomain, std::move(admins));
}

}  // namespace switchboard::server
