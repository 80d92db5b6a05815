#include "services/cli/team_verified.h"

#include "broker/base/london.h"
#include "services/cli/applying.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/words.h"

namespace switchboard::cli {

static Exit verified(Call& call) {
  const Arguments& a = call.arguments();
  const auto rows = ask_directory(call, [](v1::DirectoryRequest& r) { r.set_teams(true); });
  if (!rows.ok()) return call.fail(rows.error());
  for (const auto& team : rows->teams()) {
    if (team.id() != a.team) continue;
    v1::Directory change;
    *change.add_teams() = team;
    change.mutable_teams(0)->set_last_verified(to_string(london_day(call.now())));
    return apply_rows(call, change, "team verified " + a.team);
  }
  return call.fail(error(v1::CODE_NOT_FOUND, "no team '" + plain(a.team) + "'"));
}

void add_team_verified(Menu& menu, CLI::App& team) {
  Arguments& a = menu.arguments();
  CLI::App& command = menu.add(
      team, {.name = "verified",
             .meaning = "its numbers were tried today and are right; until then they show as stale",
             .examples = "switchboard team verified X26-MIDWIFERY --reason \"rang both numbers\"",
             .run = verified});
  command.add_option("team", a.team, "the team's id")->required()->type_name("TEAM");
  command.add_option("--person", a.person, "who tried them; goes to the audit chain")
      ->type_name("PERSON");
  menu.reason(command);
}

}  // namespace switchboard::cli
