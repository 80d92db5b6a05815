#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

Colour colour_of(v1::NudgeState state) {
  if (state == v1::NUDGE_STATE_FAILED) return Colour::kRed;
  return state == v1::NUDGE_STATE_WAITING ? Colour::kYellow : Colour::kGreen;
}

Exit list(Call& call) {
  const Arguments& a = call.arguments();
  v1::AdminRequest request;
  request.mutable_nudges()->set_team(a.team);
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  const v1::NudgeRows& rows = reply->nudges();
  Table table({"TEAM", "VIA", "STATE", "SINCE", {"TRIES", Table::Align::kRight}, "WHY", "NUDGE"});
  for (const auto& row : rows.rows()) {
    table.add({row.team(),
               name_of(row.via()),
               {name_of(row.state()), colour_of(row.state())},
               at(row.at_us()),
               std::to_string(row.attempts()),
               row.why(),
               event_id(row.nudge_id())});
  }
  call.terminal().print_list(rows, "rows", table);
  return Exit::kOk;
}

}  // namespace

void add_nudges(Menu& menu) {
  CLI::App& group = menu.add({.name = "nudge",
                              .meaning = "taps outside the hub: mail and webhooks",
                              .examples = "switchboard nudge ls"});
  CLI::App& rows =
      menu.add(group, {.name = "ls",
                       .meaning = "what waits, then the newest that were sent or failed",
                       .examples = "switchboard nudge ls\n"
                                   "switchboard nudge ls --team X26-MIDWIFERY --format jsonl",
                       .run = list});
  rows.add_option("--team", menu.arguments().team, "of this team only")->type_name("TEAM");
}

}  // namespace switchboard::cli
