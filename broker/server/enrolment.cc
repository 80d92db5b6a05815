#include "broker/server/enrolment.h"

#include <set>

namespace switchboard::server {

void admit_keys(wire::Zap& zap, const core::Directory& directory,
                const std::string& first_admin_key) {
  std::set<std::string> clients, admins;
  for (const auto& [id, principal] : directory.principals()) {
    if (principal.row.revoked()) continue;
    for (const int role : principal.row.roles()) {
      const bool admin = role == v1::ROLE_OPERATOR || role == v1::ROLE_ADMINISTRATOR;
      (admin ? admins : clients).insert(principal.row.public_key());
    }
  }
  if (!directory.has_administrator() && !first_admin_key.empty()) admins.insert(first_admin_key);
  zap.allow(kClientsDomain, std::move(clients));
  zap.allow(kAdminsDomain, std::move(admins));
}

}  // namespace switchboard::server
