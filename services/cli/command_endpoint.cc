#include "adapters/sdk/connection_file.h"
#include "broker/runtime/signals.h"
#include "services/cli/call.h"
#include "services/cli/endpoint_reader.h"
#include "services/cli/menu.h"
#include "services/cli/render_inbox.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

void print_arrival(Call& call, const sdk::Endpoint::Arrival& arrival) {
  if (!call.terminal().tables()) {
    v1::Entry bare = arrival.entry;  // what it holds belongs in the store, not in a log file
    bare.clear_sections();
    call.terminal().print(to_json(bare, Format::kJsonl) + "\n");
    return;
  }
  const bool again = arrival.turn != sdk::Endpoint::Turn::kNew;
  call.terminal().print(
      entry_line(arrival.entry, call.now()) +
      (again ? (arrival.turn == sdk::Endpoint::Turn::kAhead ? "  (ahead)" : "  (again)") : "") +
      "\n");
}

Result<EndpointPlan> plan_of(Call& call) {
  const Arguments& a = call.arguments();
  TRY(HubLink * link, call.hub());
  TRY(const auto as, a.identity.empty() ? sdk::identity_for_team(link->connection(), a.team)
                                        : sdk::identity_of(link->connection(), a.identity));
  EndpointPlan plan{.team = a.team, .name = a.endpoint, .store = a.store};
  if (plan.name.empty()) plan.name = as.principal();
  TRY(plan.hub, sdk::dial_hub(link->connection(), as));
  return plan;
}

Exit endpoint(Call& call) {
  const auto signals = Signals::open();
  if (!signals.ok()) return call.fail(signals.error());
  const auto plan = plan_of(call);
  if (!plan.ok()) return call.fail(plan.error());
  call.terminal().note("endpoint " + plan->name + " of " + plan->team + ", storing in " +
                       plan->store.string());
  const auto stopped = [&] {
    while (const auto ask = (*signals)->next()) {
      if (*ask == Signals::Ask::kStop) return true;
    }
    return false;
  };
  const auto done = read_endpoint(
      (*call.hub())->context(), *plan, (*signals)->fd(), stopped,
      [&](const sdk::Endpoint::Arrival& arrival) { print_arrival(call, arrival); },
      [&](const std::string& alarm) {
        call.terminal().note(alarm.empty() ? "reading" : "not reading: " + plain(alarm));
      });
  return done.ok() ? Exit::kOk : call.fail(done.error());
}

}  // namespace

void add_endpoint(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& command =
      menu.add({.name = "endpoint",
                .meaning = "run an always-on endpoint of a team: stores entries, sends receipts",
                .examples = "switchboard endpoint --team X26-MIDWIFERY --store midwifery-inbox",
                .run = endpoint});
  menu.team(command);
  command.add_option("--store", a.store, "folder of its store; made if absent")
      ->required()
      ->type_name("DIR");
  command.add_option("--name", a.endpoint, "of this endpoint within the team; else its principal")
      ->type_name("NAME");
}

}  // namespace switchboard::cli
