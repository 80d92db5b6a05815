#include "broker/core/wrong_number.h"

#include <algorithm>

namespace switchboard::core {

void number_was_wrong(Turn& turn, const v1::Team& team, const v1::PrincipalRow& who,
                      const std::string& person) {
  if (team.last_verified().empty()) return;
  v1::Team row = team;
  row.clear_last_verified();
  const std::string bytes = row.SerializeAsString();
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_DIRECTORY);
  entry.set_principal(who.id());
  entry.set_person(person);
  entry.set_team(team.id());
  entry.set_text("team " + team.id() + ": a number was wrong, its numbers are to be tried");
  entry.set_digest(std::string(view(keyed_hash(turn.secrets.digest, bytes))));
  store::write_directory_row(turn.journal, store::RowType::kTeam, team.id(), entry.position(),
                             bytes);
  turn.directory_changed = true;
}

bool only_verifies(const Directory& in_force, const v1::Directory& wanted) {
  v1::Directory others = wanted;
  others.clear_teams();
  if (others.ByteSizeLong() > 0 || wanted.teams().empty()) return false;
  return std::all_of(wanted.teams().begin(), wanted.teams().end(), [&](v1::Team team) {
    const v1::Team* known = in_force.team(team.id());
    if (known == nullptr || team.last_verified().empty()) return false;
    team.set_last_verified(known->last_verified());
    team.set_handle(known->handle());
    return team.SerializeAsString() == known->SerializeAsString();
  });
}

}  // namespace switchboard::core
