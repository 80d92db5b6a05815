// Enquiries: for a time and a reason a team is told of one child.
#include "services/cli/list_change.h"
#include "services/cli/member_file.h"
#include "services/cli/menu.h"
#include "services/cli/moments.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

// "14d", "36h" from now, or a day that is included.
std::optional<Time> read_end(const std::string& text, Time now) {
  if (read_day(text, now) || text.find('-') != std::string::npos) return read_until(text, now);
  const auto before = read_since(text, now);
  if (!before) return std::nullopt;
  return Time{2 * now.us - before->us};
}

Exit change(Call& call, v1::MembersMode mode) {
  const Arguments& a = call.arguments();
  v1::MembersChange change;
  change.set_team(a.team);
  change.set_list(v1::MEMBER_LIST_ENQUIRY);
  change.set_mode(mode);
  change.set_reason(a.reason);
  change.set_execute(true);
  if (mode == v1::MEMBERS_MODE_ADD) {
    const auto end = read_end(a.until, call.now());
    if (!end) return call.misused("'" + plain(a.until) + "' is no time: 2026-12-24, 14d, 36h");
    change.set_until_us(end->us);
  }
  const auto number = read_number(call);
  if (!number.ok()) return call.misused(number.error().text);
  *change.add_rows() = member_of(*number);
  const auto answer = send_list_change(call, std::move(change));
  if (!answer.ok()) return call.fail(answer.error());
  print_report(call, answer->report);
  return Exit::kOk;
}
Exit open(Call& call) { return change(call, v1::MEMBERS_MODE_ADD); }
Exit end(Call& call) { return change(call, v1::MEMBERS_MODE_REMOVE); }

Exit ls_of_operator(Call& call) {
  v1::AdminRequest request;
  request.mutable_members()->set_team(call.arguments().team);
  request.mutable_members()->set_list(v1::MEMBER_LIST_ENQUIRY);
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  Table table({"TEAM", "SINCE", "UNTIL", "ENDS"});
  for (const auto& row : reply->watch().rows()) {
    table.add({row.team(), at(row.last_us()), at(row.expected_us()),
               from_now(row.expected_us(), call.now())});
  }
  call.terminal().print_list(reply->watch(), "rows", table, "no enquiry runs");
  return Exit::kOk;
}

Exit ls(Call& call) {
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  const std::string& team = call.arguments().team;
  if (team.empty() || !(*hub)->speaks_for(team)) return ls_of_operator(call);
  v1::MembersChange look;
  look.set_team(team);
  look.set_list(v1::MEMBER_LIST_ENQUIRY);
  const auto answer = send_list_change(call, look);
  if (!answer.ok()) return call.fail(answer.error());
  if (!call.terminal().tables()) {
    call.terminal().print(answer->report);
  } else if (answer->text.empty()) {
    call.terminal().note("no enquiry runs");
  } else {
    call.terminal().print(answer->text);
  }
  return Exit::kOk;
}

CLI::App& add_change(Menu& menu, CLI::App& group, const Menu::Entry& entry) {
  Arguments& a = menu.arguments();
  CLI::App& command = menu.add(group, entry);
  menu.team(command);
  command.add_option("--reason", a.reason, "why; goes to the audit chain; no names")
      ->required()
      ->type_name("TEXT");
  command.add_option("--person", a.person, "id of the enrolled person who decides")
      ->type_name("PERSON");
  command
      .add_option("--nhs-number", a.nhs_number,
                  "- for stdin, which is the default, or @FILE; never the number itself")
      ->type_name("WHERE");
  return command;
}

}  // namespace

void add_enquiries(Menu& menu) {
  CLI::App& group = menu.add({.name = "enquiry",
                              .meaning = "for a time a team is told of one child",
                              .examples = "switchboard enquiry ls --team X26-MASH"});
  add_change(menu, group,
             {.name = "open",
              .meaning = "from now on the team is told of the child, and now of what there is",
              .examples = "switchboard enquiry open --team X26-MASH --person meg.hale --until 14d "
                          "\\\n    --reason \"strategy discussion\" --nhs-number @number.txt",
              .run = open})
      .add_option("--until", menu.arguments().until, "when it ends by itself: a day, 14d, 36h")
      ->required()
      ->type_name("TIME");
  add_change(menu, group,
             {.name = "end",
              .meaning = "the team is not told of the child any more",
              .examples = "switchboard enquiry end --team X26-MASH --person meg.hale "
                          "--reason \"no further action\" --nhs-number -",
              .run = end});
  CLI::App& rows = menu.add(group, {.name = "ls",
                                    .meaning = "enquiries that run, since when and until when",
                                    .examples = "switchboard enquiry ls",
                                    .run = ls});
  rows.add_option("--team", menu.arguments().team, "of this team only")->type_name("TEAM");
}

}  // namespace switchboard::cli
