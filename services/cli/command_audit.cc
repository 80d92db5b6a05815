#include <cctype>

#include "broker/base/bytes.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

Exit verify(Call& call) {
  v1::AdminRequest request;
  request.mutable_audit_verify();
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  const v1::AuditReport& report = reply->audit_report();
  Terminal& terminal = call.terminal();
  if (!terminal.tables()) {
    terminal.print(report);
  } else {
    const std::string verdict = report.ok() ? "the audit chain holds" : "THE AUDIT CHAIN IS BROKEN";
    terminal.print(terminal.emphasis(verdict, report.ok() ? Colour::kGreen : Colour::kRed) + ": " +
                   count(report.blocks(), "block", "blocks") + ", " +
                   count(report.entries(), "entry", "entries") + ", " +
                   count(report.events(), "event", "events") + ", up to position " +
                   std::to_string(report.position()) + "\nhead " + to_hex(report.head()) + "\n");
  }
  for (const auto& finding : report.findings()) terminal.complain(plain(finding));
  return report.ok() ? Exit::kOk : Exit::kSomeFailed;
}

std::string lower(std::string words) {
  for (char& c : words) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return words;
}

std::string who(const v1::AuditRow& row) {
  std::string words = row.person();
  if (!row.principal().empty()) words += (words.empty() ? "" : " via ") + row.principal();
  return words;
}

Exit tail(Call& call) {
  v1::AdminRequest request;
  request.mutable_audit_tail()->set_limit(call.arguments().limit);
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  if (!call.terminal().tables()) {
    call.terminal().print_rows(reply->audit(), "rows");
    return Exit::kOk;
  }
  Table table({{"POSITION", Table::Align::kRight},
               "TIME",
               "WHAT",
               {"EVENT AT", Table::Align::kRight},
               "TEAM",
               {"NUMBER", Table::Align::kRight},
               "WHO",
               "TEXT"});
  for (const auto& row : reply->audit().rows()) {
    table.add({std::to_string(row.position()), at(row.time_us()), lower(row.kind()),
               row.event_position() == 0 ? "" : std::to_string(row.event_position()), row.team(),
               row.number() == 0 ? "" : std::to_string(row.number()), who(row), row.text()});
  }
  call.terminal().print(table);
  return Exit::kOk;
}

}  // namespace

void add_audit(Menu& menu) {
  CLI::App& audit = menu.add({.name = "audit",
                              .meaning = "what happened, provably",
                              .examples = "switchboard audit verify\nswitchboard audit tail"});
  menu.add(audit, {.name = "verify",
                   .meaning = "check the hub's audit chain from its first block",
                   .examples = "switchboard audit verify",
                   .run = verify});
  CLI::App& last = menu.add(audit, {.name = "tail",
                                    .meaning = "the latest entries",
                                    .examples = "switchboard audit tail --limit 20",
                                    .run = tail});
  menu.page(last);
}

}  // namespace switchboard::cli
