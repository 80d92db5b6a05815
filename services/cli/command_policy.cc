#include "broker/base/london.h"
#include "broker/runtime/toml_message.h"
#include "services/cli/call.h"
#include "services/cli/event_file.h"
#include "services/cli/event_rows.h"
#include "services/cli/menu.h"
#include "services/cli/moments.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

// The event of the file, when it would be accepted, and the policy of another file if one is named.
Result<v1::PolicyTest> wanted(Call& call) {
  const Arguments& a = call.arguments();
  TRY(auto* hub, call.hub());
  const auto known = hub->publisher(a.agency, "");
  const auto as = known.ok() ? *known : HubLink::Publisher{};
  TRY(const auto event, complete_event_file(call, as.agency, as.system));
  v1::PolicyTest test;
  *test.mutable_item() = to_item(event);
  test.set_agency(event.header().agency());
  if (!a.at.empty()) {
    const auto at = read_time(a.at);
    if (!at) return error(v1::CODE_INVALID, "--at is no time like \"2026-12-24 17:30\"");
    test.set_at_us(at->us);
  }
  if (a.with.empty()) return test;
  TRY(const auto text, call.read(a.with));
  v1::Directory rows;
  TRY_DO(toml_to_message(text, a.with, rows));
  if (!rows.has_policy()) return error(v1::CODE_INVALID, a.with + " has no [policy]");
  *test.mutable_with() = rows.policy();
  return test;
}

Exit policy_test(Call& call) {
  auto test = wanted(call);
  if (!test.ok()) return call.fail(test.error());
  v1::AdminRequest request;
  *request.mutable_policy_test() = std::move(test).value();
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  const v1::PolicyTimeline& timeline = reply->timeline();
  Terminal& terminal = call.terminal();
  if (!terminal.tables()) {
    terminal.print_rows(timeline, "steps");
    return Exit::kOk;
  }
  Table table({"WHEN (LONDON)", "AFTER", "TEAM", "WHAT", "POLICY ROW", "WHY"});
  const int64_t first = timeline.steps().empty() ? 0 : timeline.steps(0).at_us();
  for (const auto& step : timeline.steps()) {
    table.add({london_words({step.at_us()}),
               step.at_us() == first ? "" : span(Duration{step.at_us() - first}), step.team(),
               step.what(), step.row(), step.why()});
  }
  terminal.print(table);
  if (table.empty()) terminal.note("nobody would be told");
  terminal.note("if nobody does anything; nothing was sent");
  if (timeline.signed_off_by().empty()) {
    terminal.note("this policy is an example: it needs local sign-off");
  }
  return Exit::kOk;
}

}  // namespace

void add_policy(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& policy = menu.add({.name = "policy",
                               .meaning = "what is asked of teams, by when, and who is told next",
                               .examples = "switchboard policy test --event concern.toml"});
  CLI::App& test = menu.add(
      policy,
      {.name = "test",
       .meaning = "the timeline this event would have if nobody did anything; sends nothing",
       .examples = "switchboard policy test --event concern.toml\n"
                   "switchboard policy test --event concern.toml --at \"2026-12-24 17:30\"\n"
                   "switchboard policy test --event concern.toml --with policy.toml",
       .run = policy_test});
  add_event_file_options(menu, test);
  test.add_option("--agency", a.agency, "as if this agency had published it")->type_name("ODS");
  test.add_option("--at", a.at, "accepted then, on London's clock; else now")->type_name("TIME");
  test.add_option("--with", a.with, "TOML with another [policy]")->type_name("FILE");
}

}  // namespace switchboard::cli
