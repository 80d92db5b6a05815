#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

std::string waiting(const v1::ParkedRow& row) {
  if (row.waiting() == 0) return "";
  return std::to_string(row.waiting()) + ", to #" + std::to_string(row.waiting_through());
}

Exit parked(Call& call) {
  const Arguments& a = call.arguments();
  v1::AdminRequest request;
  request.mutable_parked()->set_team(a.team);
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  const v1::ParkedRows& rows = reply->parked();
  Table table({"ENDPOINT",
               "LOG",
               {"NUMBER", Table::Align::kRight},
               "WHY",
               {"WAITING BEHIND", Table::Align::kRight}});
  for (const auto& row : rows.rows()) {
    table.add({row.endpoint(), name_of(row.log()), std::to_string(row.number()), row.reason(),
               waiting(row)});
  }
  if (!call.terminal().print_list(rows, "rows", table)) return Exit::kOk;
  const auto& first = rows.rows(0);
  call.terminal().next(call.command("replay --team " + a.team + " --from " +
                                    std::to_string(first.number()) + " --endpoint " +
                                    plain(first.endpoint())));
  return Exit::kOk;
}

}  // namespace

void add_parked(Menu& menu) {
  CLI::App& group = menu.add({.name = "parked",
                              .meaning = "what a team's endpoints could not use",
                              .examples = "switchboard parked ls --team X26-MIDWIFERY"});
  CLI::App& rows = menu.add(
      group, {.name = "ls",
              .meaning = "entries that failed, and how many about the same child wait behind each",
              .examples = "switchboard parked ls --team X26-MIDWIFERY",
              .run = parked});
  menu.team(rows);
}

}  // namespace switchboard::cli
