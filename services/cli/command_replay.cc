#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

std::string words_of(const v1::ReplayReport& report, const Arguments& a) {
  std::string text = a.team + ", numbers " + std::to_string(report.from_number()) + " to " +
                     std::to_string(report.to_number()) + ": " +
                     count(report.count(), "entry", "entries") + ", of which " +
                     count(report.deliveries(), "delivery", "deliveries") + "; " +
                     std::to_string(report.never_received()) + " never received before\n";
  text += "endpoints that go back: ";
  std::string endpoints;
  for (const auto& name : report.endpoints()) {
    endpoints += (endpoints.empty() ? "" : ", ") + plain(name);
  }
  return text + (endpoints.empty() ? "none has ever read this inbox" : endpoints) + "\n";
}

Exit replay(Call& call) {
  const Arguments& a = call.arguments();
  if (a.execute && (a.confirm == 0 || a.reason.empty())) {
    return call.misused("--execute needs --confirm COUNT (as the plan gave it) and --reason TEXT");
  }
  if (a.to != 0 && a.to < a.from) return call.misused("--to must not be below --from");
  v1::AdminRequest request;
  auto& plan = *request.mutable_replay();
  plan.set_team(a.team);
  plan.set_from_number(a.from);
  plan.set_to_number(a.to);
  plan.set_execute(a.execute);
  plan.set_confirm(a.confirm);
  plan.set_endpoint(a.endpoint);
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  const v1::ReplayReport& report = reply->replay();
  if (!call.terminal().tables()) {
    call.terminal().print(report);
  } else {
    call.terminal().print(words_of(report, a));
  }
  if (report.executed()) {
    call.terminal().note("replay begun: entries come in today's state and are marked as replayed");
    return Exit::kOk;
  }
  if (a.execute) return call.fail(error(v1::CODE_INTERNAL, "the hub did not begin the replay"));
  call.terminal().note("this is the plan; nothing was replayed");
  std::string again = "replay --team " + a.team + " --from " +
                      std::to_string(report.from_number()) + " --to " +
                      std::to_string(report.to_number());
  if (!a.endpoint.empty()) again += " --endpoint " + a.endpoint;
  if (report.count() > 0) {
    call.terminal().next(call.command(again + " --execute --confirm " +
                                      std::to_string(report.count()) + " --reason TEXT"));
  }
  return Exit::kOk;
}

}  // namespace

void add_replay(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& command = menu.add(
      {.name = "replay",
       .meaning = "send part of a team's inbox to its endpoints again; plans unless told otherwise",
       .examples = "switchboard replay --team X26-MIDWIFERY --from 120 --to 180\n"
                   "switchboard replay --team X26-MIDWIFERY --from 120 --to 180 \\\n"
                   "    --execute --confirm 61 --reason \"their system was restored\"",
       .run = replay});
  menu.team(command);
  command.add_option("--from", a.from, "first number")
      ->required()
      ->check(CLI::PositiveNumber)
      ->type_name("NUMBER");
  command.add_option("--to", a.to, "last number; else the last there is")->type_name("NUMBER");
  command.add_option("--endpoint", a.endpoint, "only this endpoint; else all of the team")
      ->type_name("NAME");
  command.add_flag("--execute", a.execute, "do it");
  command.add_option("--confirm", a.confirm, "the count the plan gave")->type_name("COUNT");
  menu.reason(command);
  command.add_option("--person", a.person, "who asks for it; goes to the audit chain")
      ->type_name("PERSON");
}

}  // namespace switchboard::cli
