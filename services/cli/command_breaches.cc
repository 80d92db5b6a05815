#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/moments.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

Cell due(const v1::BreachRow& row, Time now) {
  const bool passed = Time{row.due_us()} <= now;
  return {from_now(row.due_us(), now), passed ? Colour::kRed : Colour::kYellow};
}

std::string ring(const v1::Contact& contact) {
  return plain(contact.phone()) + (contact.name().empty() ? "" : "  " + plain(contact.name()));
}

Exit breaches(Call& call) {
  const Arguments& a = call.arguments();
  const auto within = read_span(a.within.empty() ? "4h" : a.within);
  if (!within) return call.misused("--within is no span like 90m, 4h or 2d");
  v1::AdminRequest request;
  v1::BreachRequest& asked = *request.mutable_breaches();
  asked.set_team(a.team);
  asked.set_within_s(static_cast<uint32_t>(within->us / 1'000'000));
  asked.set_limit(a.limit);
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  const v1::BreachRows& rows = reply->breaches();
  Terminal& terminal = call.terminal();
  if (!terminal.tables()) {
    terminal.print_rows(rows, "rows");
    return Exit::kOk;
  }
  Table table({"TEAM",
               {"NUMBER", Table::Align::kRight},
               "URGENCY",
               "CLOCK",
               "DUE",
               "LEVEL",
               "RING NOW",
               {"EVENT", Table::Align::kLeft, Table::Cut::kNever}});
  const Time now = call.now();
  for (const auto& row : rows.rows()) {
    table.add({row.team(), std::to_string(row.number()), name_of(row.urgency()), row.clock(),
               due(row, now), row.level() == 0 ? "" : std::to_string(row.level()), ring(row.ring()),
               event_id(row.event_id())});
  }
  terminal.print(table);
  if (table.empty()) terminal.note("nothing is late, and nothing will be within that time");
  if (!rows.complete()) terminal.note("there are more: name a --team, or a shorter --within");
  return Exit::kOk;
}

}  // namespace

void add_breaches(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& command = menu.add({.name = "breaches",
                                .meaning = "what is late or soon will be, and whom to ring",
                                .examples = "switchboard breaches\n"
                                            "switchboard breaches --team X26-MIDWIFERY --within 2h",
                                .run = breaches});
  command.add_option("--team", a.team, "of this team only")->type_name("TEAM");
  command.add_option("--within", a.within, "how far to look ahead: 90m, 4h, 2d (4h)")
      ->type_name("SPAN");
  menu.page(command);
}

}  // namespace switchboard::cli
