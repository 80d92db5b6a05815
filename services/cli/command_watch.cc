#include <algorithm>

#include "broker/base/seal.h"
#include "services/cli/call.h"
#include "services/cli/event_rows.h"
#include "services/cli/menu.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

Table watch_table(const v1::WatchRows& rows, Time now) {
  Table table({"WHAT", "ALARM", "LAST", "EXPECTED", "WHY"});
  for (const auto& row : rows.rows()) {
    table.add({row.what(),
               {row.alarm() ? "ALARM" : "", Colour::kRed},
               row.last_us() == 0 ? std::string("never") : from_now(row.last_us(), now),
               from_now(row.expected_us(), now),
               row.why()});
  }
  return table;
}

Exit watch(Call& call) {
  v1::AdminRequest request;
  request.mutable_watch();
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  v1::WatchRows rows;
  size_t alarms = 0;
  for (const auto& row : reply->watch().rows()) {
    alarms += row.alarm() ? 1 : 0;
    if (row.alarm() || !call.arguments().alarms_only) *rows.add_rows() = row;
  }
  Terminal& terminal = call.terminal();
  if (!terminal.tables()) {
    terminal.print_rows(rows, "rows");
  } else if (!rows.rows().empty()) {
    terminal.print(watch_table(rows, call.now()));
  }
  if (alarms == 0) {
    terminal.note("nothing is silent that should be heard");
    return Exit::kOk;
  }
  terminal.complain(count(alarms, "alarm: ", "alarms: ") +
                    "silence where something should be heard");
  terminal.note("what to do: runbook watch");
  return Exit::kSomeFailed;
}

// Everything that the hub asks of a header, and nobody in it.
v1::EventHeader probe_header(Call& call, const HubLink::Publisher& as) {
  const Time now = call.now();
  v1::EventHeader header;
  header.set_event_id(std::string(make_id(now, to_hash(os_random(kHashBytes))).view()));
  header.set_id_origin(v1::ID_ORIGIN_CHOSEN);
  header.set_agency(as.agency);
  header.set_system(as.system);
  header.set_kind("probe");
  header.set_kind_version(1);
  header.mutable_occurred()->set_earliest_us(now.us);
  header.mutable_occurred()->set_latest_us(now.us);  // nobody waits for another
  header.set_from_team(as.agency);
  header.mutable_call_back()->set_phone("none: an end-to-end probe");
  header.set_channel(v1::CHANNEL_ELECTRONIC);
  header.set_urgency(v1::URGENCY_ROUTINE);
  header.set_environment(v1::ENVIRONMENT_TEST);
  header.add_direct_to(call.arguments().team);
  return header;
}

Exit probe(Call& call) {
  const Arguments& a = call.arguments();
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  const auto slash = a.source.find('/');
  const auto as = (*hub)->publisher(a.source.substr(0, slash),
                                    slash == a.source.npos ? "" : a.source.substr(slash + 1));
  if (!as.ok()) return call.fail(as.error());
  v1::Item item;
  const auto header = probe_header(call, *as);
  item.set_header(header.SerializeAsString());
  const auto outcome = (*hub)->publish(*as, item);
  if (!outcome.ok()) return call.fail(outcome.error());
  const Exit exit = print_outcome(call, event_id(header.event_id()), *outcome);
  call.terminal().note("proven once a system of " + plain(a.team) + " has stored it");
  call.terminal().next(call.command("watch"));
  return exit;
}

}  // namespace

void add_watch(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& look = menu.add({.name = "watch",
                             .meaning = "what should have been heard of: sources, teams' systems, "
                                        "end-to-end probes and when each was last proven",
                             .examples = "switchboard watch\n"
                                         "switchboard watch --alarms --format json",
                             .run = watch});
  look.add_flag("--alarms", a.alarms_only, "only what is silent");
  CLI::App& send =
      menu.add({.name = "probe",
                .meaning = "send a team an end-to-end probe: flagged test, filed, about nobody",
                .examples = "switchboard probe --team X26-MIDWIFERY\n"
                            "switchboard probe --team X26-MIDWIFERY --source X26/PAS",
                .run = probe});
  menu.team(send);
  send.add_option("--source", a.source, "AGENCY/SYSTEM whose key sends it (the first there is)")
      ->type_name("NAME");
}

}  // namespace switchboard::cli
