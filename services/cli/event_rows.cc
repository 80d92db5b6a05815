#include "services/cli/event_rows.h"

#include "services/cli/call.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

std::string marks(const v1::EventRow& row) {
  std::string words;
  const auto add = [&](bool set, std::string_view word) {
    if (set) words += (words.empty() ? "" : ", ") + std::string(word);
  };
  add(row.environment() == v1::ENVIRONMENT_TEST, "test");
  add(row.unverified_identity(), "identity unverified");
  add(row.reused_source_id(), "reused message id");
  return words;
}

Cell disposition(const v1::EventRow& row) {
  const bool trouble = row.disposition() == "unrouted" || row.disposition() == "quarantined";
  return {row.disposition(), trouble ? Colour::kRed : Colour::kNone};
}

// Of a source on trial: who would have been told, in brackets.
std::string teams(const v1::EventRow& row) {
  if (row.shadow() > 0) return "(" + std::to_string(row.shadow()) + ")";
  return row.recipients() == 0 ? "" : std::to_string(row.recipients());
}

std::string why(const v1::EventRow& row) {
  std::string words = name_of(row.identity_change());
  const auto add = [&](const std::string& more) {
    if (!more.empty()) words += (words.empty() ? "" : ", ") + more;
  };
  if (row.held_until_us() != 0) add("held until " + at(row.held_until_us()));
  add(row.text());
  return words;
}

}  // namespace

Table events_table(const v1::EventRows& rows) {
  Table table({{"POSITION", Table::Align::kRight},
               "ACCEPTED",
               "KIND",
               "URGENCY",
               "FROM",
               "RESULT",
               {"TEAMS", Table::Align::kRight},
               "WHY",
               "MARKS",
               "CLEARED BY",
               "BECAUSE",
               {"EVENT", Table::Align::kLeft, Table::Cut::kNever}});
  for (const auto& row : rows.rows()) {
    const std::string from =
        row.system().empty() ? row.agency() : row.agency() + "/" + row.system();
    table.add({std::to_string(row.position()),
               at(row.accepted_us()),
               row.kind(),
               {name_of(row.urgency()),
                row.urgency() == v1::URGENCY_IMMEDIATE ? Colour::kRed : Colour::kNone},
               from,
               disposition(row),
               teams(row),
               why(row),
               marks(row),
               row.cleared_by(),
               row.cleared_reason(),
               event_id(row.event_id())});
  }
  return table;
}

Exit print_events(Call& call, const v1::EventRows& rows, const std::string& command) {
  Terminal& terminal = call.terminal();
  if (!terminal.print_list(rows, "rows", events_table(rows))) return Exit::kOk;
  if (rows.next_before() != 0) {
    terminal.next(call.command(command + " --before " + std::to_string(rows.next_before())));
  } else {
    terminal.next(call.command("event journey " + event_id(rows.rows(0).event_id())));
  }
  return Exit::kOk;
}

Exit print_outcome(Call& call, const std::string& id, const v1::ItemOutcome& outcome) {
  if (!call.terminal().tables()) {
    call.terminal().print(outcome);
  } else {
    std::string words = outcome.code() == v1::CODE_OK ? "accepted" : name_of(outcome.code());
    if (outcome.position() != 0) words += " at position " + std::to_string(outcome.position());
    if (!outcome.text().empty()) words += ": " + plain(outcome.text());
    call.terminal().print(id + "  " + words + "\n");
  }
  return outcome.code() == v1::CODE_QUARANTINED ? Exit::kSomeFailed : Exit::kOk;
}

}  // namespace switchboard::cli
