#include "services/cli/render_ledger.h"

#include <algorithm>

#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

struct Adapters {
  uint64_t read = 0, duplicate = 0, out_of_scope = 0, refused = 0, split = 0, sent = 0;
  std::string listeners;
};

Adapters all_of(const v1::LedgerLine& line) {
  Adapters sum;
  for (const auto& a : line.adapter()) {
    sum.read += a.read();
    sum.duplicate += a.duplicate();
    sum.out_of_scope += a.out_of_scope();
    sum.refused += a.refused() + a.full();
    sum.split += a.split();
    sum.sent += a.taken() + a.split();
    sum.listeners += (sum.listeners.empty() ? "" : ", ") + a.listener();
  }
  return sum;
}

std::string source(const v1::LedgerLine& line) { return line.agency() + "/" + line.system(); }

std::string result(v1::LedgerState state) {
  switch (state) {
    case v1::LEDGER_STATE_AGREES:
      return "agrees";
    case v1::LEDGER_STATE_DIFFERS:
      return "differs";
    case v1::LEDGER_STATE_STALE:
      return "adapter has not told";
    case v1::LEDGER_STATE_SO_FAR:
      return "so far";
    default:
      return "unknown";
  }
}

std::string unless_zero(uint64_t n) { return n == 0 ? "" : std::to_string(n); }

std::string fault(const v1::LedgerLine& line) {
  const std::string who = source(line) + " (" + name_of(line.bucket()) + ") on " + line.day();
  const uint64_t answered =
      line.accepted() + line.duplicate() + line.quarantined() + line.refused();
  if (line.state() == v1::LEDGER_STATE_STALE) {
    const std::string since = line.adapter_told_us() == 0
                                  ? "has not told of this day"
                                  : "told last at " + at(line.adapter_told_us());
    return who + ": the adapter " + since + ", the hub counted " + count(answered, "item", "items");
  }
  const Adapters a = all_of(line);
  return who + ": " + std::to_string(line.unexplained()) + " unexplained: the adapter read " +
         std::to_string(a.read) + " and gave " + count(a.sent, "item", "items") +
         " to the hub, which answered for " + std::to_string(answered) + " (" +
         std::to_string(line.waiting()) + " waiting)";
}

}  // namespace

bool concerns(const v1::LedgerLine& line, const std::string& adapter) {
  if (adapter.find('/') != std::string::npos) return source(line) == adapter;
  return std::any_of(line.adapter().begin(), line.adapter().end(),
                     [&](const auto& a) { return a.listener() == adapter; });
}

bool in_order(const v1::LedgerLine& line) {
  return line.state() == v1::LEDGER_STATE_AGREES || line.state() == v1::LEDGER_STATE_SO_FAR;
}

Table ledger_table(const v1::LedgerReport& report) {
  const auto right = Table::Align::kRight;
  Table table({"SOURCE",
               "BUCKET",
               "LISTENERS",
               {"READ", right},
               {"SPLIT", right},
               {"ACCEPTED", right},
               {"DUPLICATE", right},
               {"OUT OF SCOPE", right},
               {"QUARANTINED", right},
               {"REFUSED", right},
               {"WAITING", right},
               {"UNEXPLAINED", right},
               "RESULT"});
  for (const auto& line : report.lines()) {
    const Adapters a = all_of(line);
    const bool told = line.adapter_size() > 0;
    const bool good = in_order(line);
    table.add(
        {source(line),
         name_of(line.bucket()),
         a.listeners,
         told ? std::to_string(a.read) : "?",
         unless_zero(a.split),
         std::to_string(line.accepted()),
         std::to_string(line.duplicate() + a.duplicate),
         told ? std::to_string(a.out_of_scope) : "?",
         std::to_string(line.quarantined()),
         std::to_string(line.refused() + a.refused),
         unless_zero(line.waiting()),
         {told ? std::to_string(line.unexplained()) : "?", good ? Colour::kNone : Colour::kRed},
         {result(line.state()), good ? Colour::kGreen : Colour::kRed}});
  }
  return table;
}

std::vector<std::string> ledger_faults(const v1::LedgerReport& report) {
  std::vector<std::string> faults;
  for (const auto& line : report.lines()) {
    if (!in_order(line)) faults.push_back(fault(line));
  }
  return faults;
}

}  // namespace switchboard::cli
