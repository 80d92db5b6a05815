#include "services/cli/applying.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/render_rota.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

Exit rotas(Call& call) {
  const auto rows = ask_directory(call, [](v1::DirectoryRequest& r) { r.set_people(true); });
  if (!rows.ok()) return call.fail(rows.error());
  if (!call.terminal().tables()) {
    call.terminal().print_rows(*rows, "rotas");
    return Exit::kOk;
  }
  for (const auto& rota : rows->rotas()) call.terminal().print(rota_table(rota, *rows));
  if (rows->rotas().empty()) call.terminal().note("no rotas yet: [[rotas]] in switchboard apply");
  return Exit::kOk;
}

Exit groups(Call& call) {
  const auto rows = ask_directory(call, [](v1::DirectoryRequest& r) { r.set_teams(true); });
  if (!rows.ok()) return call.fail(rows.error());
  Table table({"GROUP", "NAME", "ANY OF"});
  for (const auto& g : rows->groups()) {
    std::string teams;
    for (const auto& team : g.teams()) teams += (teams.empty() ? "" : ", ") + team;
    table.add({g.id(), g.name(), teams});
  }
  call.terminal().print_list(*rows, "groups", table,
                             "no groups yet: [[groups]] in switchboard apply");
  return Exit::kOk;
}

}  // namespace

void add_rota(Menu& menu) {
  CLI::App& rota = menu.add({.name = "rota",
                             .meaning = "who is on duty in which week",
                             .examples = "switchboard rota ls\nswitchboard duty X26-MIDWIFERY"});
  menu.add(rota, {.name = "ls",
                  .meaning = "weeks and what stands before them on some days",
                  .examples = "switchboard rota ls",
                  .run = rotas});
  CLI::App& group = menu.add({.name = "group",
                              .meaning = "teams any of which may pick up",
                              .examples = "switchboard group ls"});
  menu.add(group, {.name = "ls",
                   .meaning = "groups in force",
                   .examples = "switchboard group ls",
                   .run = groups});
}

}  // namespace switchboard::cli
