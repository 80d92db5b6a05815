// Caseloads and lists of open plans: whole from a file, or one child at a time.
#include "broker/base/london.h"
#include "services/cli/list_change.h"
#include "services/cli/member_file.h"
#include "services/cli/menu.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

v1::MembersChange change_of(Call& call, v1::MembersMode mode) {
  const Arguments& a = call.arguments();
  v1::MembersChange change;
  change.set_team(a.team);
  change.set_list(list_of_name(a.list));
  change.set_mode(mode);
  change.set_reason(a.reason);
  return change;
}

Exit done(Call& call, const Result<ListAnswer>& answer) {
  if (!answer.ok()) return call.fail(answer.error());
  print_report(call, answer->report);
  call.terminal().note("done: it counts from now on");
  return Exit::kOk;
}

Exit apply(Call& call) {
  const Arguments& a = call.arguments();
  const auto text = call.read(a.file);
  if (!text.ok()) return call.fail(text.error());
  const auto rows = read_member_file(*text);
  if (!rows.ok()) {
    call.terminal().complain(plain(a.file) + ": " + rows.error().text);
    return Exit::kBadInput;
  }
  v1::MembersChange change = change_of(call, v1::MEMBERS_MODE_SNAPSHOT);
  change.set_as_of(a.as_of.empty() ? to_string(london_day(call.now())) : a.as_of);
  change.set_confirm_vanishing(a.confirm_vanishing);
  const auto plan = send_whole_list(call, change, *rows);
  if (!plan.ok()) return call.fail(plan.error());
  if (call.terminal().tables() || !a.yes) print_report(call, plan->report);
  if (!plan->report.problem().empty()) {
    call.terminal().complain(plain(plan->report.problem()));
    call.terminal().next("the same with --confirm-vanishing");
    return Exit::kBadInput;
  }
  if (!a.yes && !call.agreed("apply it?")) {
    call.terminal().note("nothing was changed; the same with --yes applies it");
    return Exit::kOk;
  }
  change.set_execute(true);
  return done(call, send_whole_list(call, change, *rows));
}

Exit one_child(Call& call, v1::MembersMode mode) {
  const auto number = read_number(call);
  if (!number.ok()) return call.misused(number.error().text);
  v1::MembersChange change = change_of(call, mode);
  *change.add_rows() = member_of(*number);
  change.set_execute(true);
  return done(call, send_list_change(call, std::move(change)));
}
Exit add(Call& call) { return one_child(call, v1::MEMBERS_MODE_ADD); }
Exit remove(Call& call) { return one_child(call, v1::MEMBERS_MODE_REMOVE); }

constexpr std::array kCaseload{v1::MEMBER_LIST_CASELOAD};
constexpr std::array kPlans{v1::MEMBER_LIST_EARLY_HELP, v1::MEMBER_LIST_CHILD_IN_NEED,
                            v1::MEMBER_LIST_CHILD_PROTECTION, v1::MEMBER_LIST_LOOKED_AFTER};
Exit list_caseloads(Call& call) { return print_lists(call, kCaseload); }
Exit list_plans(Call& call) { return print_lists(call, kPlans); }

// The two groups differ in which list a command means.
struct Group {
  CLI::App& app;
  std::string name;
  bool plans;
};

void add_common(Menu& menu, const Group& group, CLI::App& command) {
  Arguments& a = menu.arguments();
  menu.team(command);
  menu.reason(command);
  command.add_option("--person", a.person, "who changes it; goes to the audit chain")
      ->type_name("PERSON");
  if (!group.plans) return;
  command.add_option("--list", a.list, "which plans: early-help, child-in-need, …")
      ->required()
      ->check(CLI::IsMember({"early-help", "child-in-need", "child-protection", "looked-after"}))
      ->type_name("LIST");
}

void add_apply(Menu& menu, const Group& group, const std::string& example) {
  Arguments& a = menu.arguments();
  CLI::App& whole = menu.add(
      group.app,
      {.name = "apply",
       .meaning = "replace the list by a CSV file (nhs_number, birth_date): what would "
                  "change first",
       .examples = example + " children.csv\n" + example + " children.csv --as-of 2026-11-20 --yes",
       .run = apply});
  add_common(menu, group, whole);
  whole.add_option("file", a.file, "CSV, or - for stdin")->required()->type_name("FILE");
  whole.add_option("--as-of", a.as_of, "the day the list was true; else today")->type_name("DATE");
  whole.add_flag("--yes", a.yes, "apply it without asking");
  whole.add_flag("--confirm-vanishing", a.confirm_vanishing,
                 "more than a tenth of the list vanishes, and that is right");
}

void add_one(Menu& menu, const Group& group, const Menu::Entry& entry) {
  CLI::App& command = menu.add(group.app, entry);
  add_common(menu, group, command);
  command
      .add_option("--nhs-number", menu.arguments().nhs_number,
                  "- for stdin, which is the default, or @FILE; never the number itself")
      ->type_name("WHERE");
}

void add_group(Menu& menu, const Group& group) {
  const std::string stem = "switchboard " + group.name + " ";
  const std::string of =
      std::string(" --team X26-HV") + (group.plans ? " --list child-protection" : "");
  add_apply(menu, group, stem + "apply" + of);
  add_one(menu, group,
          {.name = "add",
           .meaning = "one child comes to the list",
           .examples = stem + "add" + of + " --nhs-number @number.txt",
           .run = add});
  add_one(menu, group,
          {.name = "remove",
           .meaning = "one child leaves the list",
           .examples = stem + "remove" + of + " --nhs-number -",
           .run = remove});
  CLI::App& rows = menu.add(group.app, {.name = "ls",
                                        .meaning = "how many children, how old, and what is stale",
                                        .examples = stem + "ls\n" + stem + "ls --team X26-HV",
                                        .run = group.plans ? list_plans : list_caseloads});
  rows.add_option("--team", menu.arguments().team, "of this team only")->type_name("TEAM");
}

}  // namespace

void add_lists(Menu& menu) {
  CLI::App& caseload = menu.add({.name = "caseload",
                                 .meaning = "the children a team knows",
                                 .examples = "switchboard caseload ls --team X26-HV"});
  add_group(menu, {caseload, "caseload", false});
  CLI::App& plan = menu.add({.name = "plan",
                             .meaning = "children with an open plan",
                             .examples = "switchboard plan ls --team X26-HV"});
  add_group(menu, {plan, "plan", true});
}

}  // namespace switchboard::cli
