#include <algorithm>

#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/moments.h"
#include "services/cli/render_ledger.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

bool wanted(const v1::LedgerLine& line, const std::vector<std::string>& adapters) {
  return adapters.empty() ||
         std::any_of(adapters.begin(), adapters.end(),
                     [&](const auto& adapter) { return concerns(line, adapter); });
}

// Adapters that were named and that neither side counted anything of.
std::vector<std::string> missing(const v1::LedgerReport& report,
                                 const std::vector<std::string>& adapters) {
  std::vector<std::string> names;
  for (const auto& adapter : adapters) {
    const bool there = std::any_of(report.lines().begin(), report.lines().end(),
                                   [&](const auto& line) { return concerns(line, adapter); });
    if (!there) names.push_back(adapter);
  }
  return names;
}

Exit reconcile(Call& call) {
  const Arguments& a = call.arguments();
  const auto day = read_day(a.day, call.now());
  if (!day) return call.misused("'" + plain(a.day) + "' is no day; as 2026-11-22 or yesterday");
  v1::AdminRequest request;
  request.mutable_ledger()->set_day(to_string(*day));
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  v1::LedgerReport report;
  for (const auto& line : reply->ledger().lines()) {
    if (wanted(line, a.adapters)) *report.add_lines() = line;
  }
  Terminal& terminal = call.terminal();
  if (!terminal.tables()) {
    terminal.print_rows(report, "lines");
  } else if (!report.lines().empty()) {
    terminal.print(ledger_table(report));
  }
  auto faults = ledger_faults(report);
  for (const auto& adapter : missing(report, a.adapters)) {
    faults.push_back(adapter + ": neither the adapter nor the hub counted anything on " +
                     to_string(*day));
  }
  for (const auto& fault : faults) terminal.complain(plain(fault));
  if (!faults.empty()) {
    terminal.note("what to do: runbook reconcile");
    return Exit::kSomeFailed;
  }
  terminal.note(report.lines().empty() ? "nothing was counted on " + to_string(*day)
                                       : "nothing is unexplained on " + to_string(*day));
  return Exit::kOk;
}

}  // namespace

void add_reconcile(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& command = menu.add(
      {.name = "reconcile",
       .meaning = "the adapters' count of a day against the hub's: what was read and became what",
       .examples = "switchboard reconcile\n"
                   "switchboard reconcile --adapter X26/PAS --day 2026-11-22\n"
                   "switchboard reconcile --format json",
       .run = reconcile});
  command.add_option("--day", a.day, "2026-11-22, today or yesterday, in London")
      ->capture_default_str()
      ->type_name("DAY");
  command
      .add_option("--adapter", a.adapters,
                  "AGENCY/SYSTEM or a listener's name; again for another (all)")
      ->type_name("NAME")
      ->allow_extra_args(false);
}

}  // namespace switchboard::cli
