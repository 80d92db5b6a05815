#include "broker/core/wrong_number.h"

namespace switchboard::core {

void number_was_wrong(Turn& turn, const v1::Team& team, const v1::Actor& who) {
  if (team.last_verified().empty()) return;  // stale already
  v1::Team row = team;
  row.clear_last_verified();
  const std::string bytes = row.SerializeAsString();
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_DIRECTORY);
  entry.set_principal(who.principal());
  entry.set_person(who.person());
  entry.set_team(team.id());
  entry.set_text("team " + team.id() + ": a number was wrong, no longer verified");
  entry.set_digest(std::string(view(keyed_hash(turn.secrets.digest, bytes))));
  store::write_directory_row(turn.journal, store::RowType::kTeam, team.id(), entry.position(),
                             bytes);
  turn.directory_changed = true;
}

}  // namespace switchboard::core
