#include <algorithm>

#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/moments.h"
#include "services/cli/told_rows.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

constexpr int64_t kLeastUs = seconds(900).us;

Result<v1::ShadowReport> ask(Call& call, int64_t from_us, int64_t to_us) {
  const std::string& source = call.arguments().source;
  const size_t slash = source.find('/');
  v1::AdminRequest request;
  v1::ShadowRequest& shadow = *request.mutable_shadow();
  shadow.set_agency(source.substr(0, slash));
  if (slash != std::string::npos) shadow.set_system(source.substr(slash + 1));
  shadow.set_from_us(from_us);
  shadow.set_to_us(to_us);
  TRY(auto reply, call.ask(std::move(request)));
  return std::move(*reply.mutable_shadow());
}

// The hub reads a bounded number of events a time: what it cannot read in one go is asked in
// halves.
Status add(Call& call, int64_t from_us, int64_t to_us, v1::ShadowReport& sum) {
  std::vector<std::pair<int64_t, int64_t>> left{{from_us, to_us}};
  while (!left.empty()) {
    const auto [from, to] = left.back();
    left.pop_back();
    TRY(const auto part, ask(call, from, to));
    if (!part.complete() && to - from > kLeastUs) {
      const int64_t middle = from + (to - from) / 2;
      left.emplace_back(middle, to);
      left.emplace_back(from, middle);
      continue;
    }
    sum.set_events(sum.events() + part.events());
    sum.set_told_nobody(sum.told_nobody() + part.told_nobody());
    sum.set_complete(sum.complete() && part.complete());
    sum.mutable_rows()->MergeFrom(part.rows());
  }
  *sum.mutable_rows() = added_up(sum.rows());
  return ok();
}

Exit report(Call& call) {
  const Arguments& a = call.arguments();
  const Time now = call.now();
  const auto since = read_since(a.since.empty() ? "7d" : a.since, now);
  const auto until = a.until.empty() ? now : read_until(a.until, now);
  if (!since || !until || *until <= *since) {
    return call.misused("--since and --until must be times such as 7d or 2026-11-22, in order");
  }
  v1::ShadowReport sum;
  sum.set_complete(true);
  if (const auto status = add(call, since->us, std::min(*until, now).us, sum); !status.ok()) {
    return call.fail(status.error());
  }
  Terminal& terminal = call.terminal();
  if (!terminal.tables()) {
    terminal.print_rows(sum, "rows");
  } else if (!sum.rows().empty()) {
    terminal.print(told_table(sum.rows(), Hours::kShown));
  }
  if (!sum.complete()) terminal.complain("not all events could be looked at");
  terminal.note(count(sum.events(), "event", "events") + " of sources on trial, " +
                std::to_string(sum.told_nobody()) +
                " would have told nobody; nobody was told of any");
  return Exit::kOk;
}

}  // namespace

void add_shadow(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& shadow = menu.add({.name = "shadow",
                               .meaning = "sources on trial: decided, recorded, told to nobody",
                               .examples = "switchboard shadow report --source X26/PAS"});
  CLI::App& command =
      menu.add(shadow, {.name = "report",
                        .meaning = "who would have got what, by team, day and hour",
                        .examples = "switchboard shadow report --source X26/PAS --since 7d\n"
                                    "switchboard shadow report --source X26/PAS --since 2026-11-16 "
                                    "--until 2026-11-22 --format jsonl",
                        .run = report});
  command.add_option("--source", a.source, "AGENCY/SYSTEM, or AGENCY (all)")->type_name("SOURCE");
  command.add_option("--since", a.since, "accepted since: 7d, 12h, 2026-11-22 (7d)")
      ->type_name("WHEN");
  command.add_option("--until", a.until, "… and until; a day is included (now)")->type_name("WHEN");
}

}  // namespace switchboard::cli
