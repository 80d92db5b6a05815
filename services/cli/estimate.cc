#include "services/cli/estimate.h"

#include "broker/base/seal.h"
#include "broker/runtime/toml_message.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/moments.h"
#include "services/cli/sample.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

constexpr int kItemsPerRequest = 256;
constexpr size_t kBytesPerRequest = 512 * 1024;
constexpr int64_t kApplyLooksBackDays = 7;

void put_together(v1::EstimateReport& sum, v1::EstimateReport&& more) {
  sum.set_events(sum.events() + more.events());
  sum.set_told_nobody(sum.told_nobody() + more.told_nobody());
  sum.set_left_out(sum.left_out() + more.left_out());
  sum.set_complete(sum.complete() && more.complete());
  sum.mutable_rows()->MergeFrom(more.rows());
  for (const auto& [team, most] : more.act_per_day()) (*sum.mutable_act_per_day())[team] = most;
  *sum.mutable_rows() = added_up(sum.rows());
}

Result<v1::EstimateReport> ask(Call& call, v1::RouteEstimate estimate) {
  v1::AdminRequest request;
  *request.mutable_estimate() = std::move(estimate);
  TRY(auto reply, call.ask(std::move(request)));
  return std::move(*reply.mutable_estimate());
}

// The sample in as many requests as it takes.
class Asking {
 public:
  Asking(Call& call, const v1::Directory& with) : call_(call), with_(with) {
    sum_.set_complete(true);
  }
  Status take(v1::Item&& item) {
    const size_t bytes = item.ByteSizeLong();
    if (request_.items_size() == kItemsPerRequest || bytes_ + bytes > kBytesPerRequest) {
      TRY_DO(send());
    }
    bytes_ += bytes;
    *request_.add_items() = std::move(item);
    return ok();
  }
  Result<v1::EstimateReport> finish() {
    TRY_DO(send());
    return std::move(sum_);
  }

 private:
  Status send() {
    if (request_.items().empty()) return ok();
    *request_.mutable_with() = with_;
    TRY(auto more, ask(call_, std::move(request_)));
    put_together(sum_, std::move(more));
    request_.Clear();
    bytes_ = 0;
    return ok();
  }
  Call& call_;
  const v1::Directory& with_;
  v1::RouteEstimate request_;
  size_t bytes_ = 0;
  v1::EstimateReport sum_;
};

Result<v1::EstimateReport> estimate_sample(Call& call, const v1::Directory& with) {
  TRY(HubLink * hub, call.hub());
  const auto known = hub->publisher(call.arguments().agency, "");
  // A sample needs none of its own: it is sent nowhere.
  EventDefaults defaults{.now = call.now(),
                         .id = make_id(call.now(), to_hash(os_random(kHashBytes)))};
  if (known.ok()) defaults.agency = known->agency;
  if (known.ok()) defaults.system = known->system;
  defaults.environment = v1::ENVIRONMENT_LIVE;
  Asking asking(call, with);
  TRY_DO(read_sample(call.arguments().sample, defaults,
                     [&](v1::Item&& item) { return asking.take(std::move(item)); }));
  return asking.finish();
}

std::string summary(const v1::EstimateReport& report) {
  std::string words = count(report.events(), "event", "events") + ", " +
                      std::to_string(report.told_nobody()) + " of them told nobody";
  if (report.left_out() > 0) {
    words += "; " + std::to_string(report.left_out()) +
             " left out (corrections, and what would be quarantined)";
  }
  return words + "; nothing was sent";
}

Exit estimate(Call& call) {
  const Arguments& a = call.arguments();
  v1::Directory with;
  if (!a.with.empty()) {
    const auto text = call.read(a.with);
    if (!text.ok()) return call.fail(text.error());
    const auto parsed = toml_to_message(*text, a.with, with);
    if (!parsed.ok()) {
      call.terminal().complain(parsed.error().text);
      return Exit::kBadInput;
    }
  }
  const auto since = read_since(a.since.empty() ? "7d" : a.since, call.now());
  if (!since) return call.misused("'" + plain(a.since) + "' is no time; as 7d or 2026-11-22");
  const auto report =
      a.sample.empty() ? estimate_since(call, *since, with) : estimate_sample(call, with);
  if (!report.ok()) return call.fail(report.error());
  Terminal& terminal = call.terminal();
  if (!terminal.tables()) {
    terminal.print_rows(*report, "rows");
  } else if (!report->rows().empty()) {
    terminal.print(told_table(report->rows(), Hours::kLeftOut));
  }
  for (const auto& warning : above_capacity(report->rows(), report->act_per_day())) {
    terminal.complain("warning: " + plain(warning));
  }
  if (!report->complete()) terminal.complain("not all events were looked at: the newest were");
  terminal.note(summary(*report));
  return Exit::kOk;
}

bool changes_who_is_told(const v1::Directory& rows) {
  return rows.routes_size() + rows.teams_size() + rows.caseload_size() > 0 || rows.has_policy();
}

}  // namespace

Result<v1::EstimateReport> estimate_since(Call& call, Time since, const v1::Directory& with) {
  v1::RouteEstimate request;
  request.set_since_us(since.us);
  *request.mutable_with() = with;
  TRY(auto report, ask(call, std::move(request)));
  *report.mutable_rows() = added_up(report.rows());
  return report;
}

void warn_of_capacity(Call& call, const v1::Directory& rows) {
  if (!changes_who_is_told(rows)) return;
  const Time since = call.now() - seconds(kApplyLooksBackDays * 86400);
  const auto report = estimate_since(call, since, rows);
  Terminal& terminal = call.terminal();
  if (!report.ok()) {
    terminal.note("not estimated: " + plain(report.error().text));
    return;
  }
  for (const auto& warning : above_capacity(report->rows(), report->act_per_day())) {
    const std::string words = "warning: with these rows " + plain(warning);
    terminal.tables() ? terminal.print(words + "\n") : terminal.complain(words);
  }
  terminal.note("estimated on " + count(report->events(), "event", "events") +
                " of the last seven days" + (report->complete() ? "" : ", the newest of them"));
}

void add_estimate(Menu& menu, CLI::App& route) {
  Arguments& a = menu.arguments();
  CLI::App& command = menu.add(
      route, {.name = "estimate",
              .meaning = "what routes would ask of each team and day; sends and changes nothing",
              .examples = "switchboard-mllp --dry-run capture --events events.jsonl\n"
                          "switchboard route estimate --sample events.jsonl\n"
                          "switchboard route estimate --since 7d --with new-routes.toml",
              .run = estimate});
  command
      .add_option("--sample", a.sample,
                  "events of a dry run, an event file, or a folder of them; else what the hub "
                  "accepted")
      ->type_name("FILE");
  command.add_option("--since", a.since, "what the hub accepted since: 7d, 12h, 2026-11-22 (7d)")
      ->type_name("WHEN");
  command.add_option("--with", a.with, "directory file, laid over the directory in force")
      ->type_name("FILE");
  command.add_option("--agency", a.agency, "whose event files these are")->type_name("ODS");
}

}  // namespace switchboard::cli
