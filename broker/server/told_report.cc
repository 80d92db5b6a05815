#include "broker/server/told_report.h"

#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "broker/base/limits.h"
#include "broker/base/london.h"
#include "broker/core/attention.h"
#include "broker/core/inbox.h"
#include "broker/core/publish.h"
#include "broker/server/laid_over.h"
#include "broker/store/payload.h"

namespace switchboard::server {
namespace {

constexpr size_t kRowsMax = 20'000;  // a reply is one frame

enum class By { kHour, kDay };

// Counts by team and time.
class Told {
 public:
  explicit Told(By by) : by_(by) {}
  bool full() const { return rows_.size() >= kRowsMax; }
  void add(const std::string& team, v1::Attention attention, Time at) {
    v1::ToldRow& row = rows_[{team, london_day(at), by_ == By::kHour ? london_hour(at) : 0}];
    if (attention == v1::ATTENTION_ACT) row.set_act(row.act() + 1);
    if (attention == v1::ATTENTION_SEE) row.set_see(row.see() + 1);
    if (attention == v1::ATTENTION_FILE) row.set_file(row.file() + 1);
  }
  template <typename Report>
  void give(Report& report) {
    for (auto& [key, row] : rows_) {
      row.set_team(std::get<0>(key));
      row.set_day(to_string(std::get<1>(key)));
      row.set_hour(std::get<2>(key));
      *report.add_rows() = std::move(row);
    }
  }

 private:
  By by_;
  std::map<std::tuple<std::string, Day, uint32_t>, v1::ToldRow> rows_;
};

struct Stored {
  uint64_t position = 0;
  v1::EventRecord record;
};

// The event at `rows`, past rows that are none. Nothing: the end.
Result<std::optional<Stored>> event_at(kv::Scan& rows) {
  for (; rows.valid(); rows.next()) {
    if (rows.key().size() != 8) continue;  // added recipients
    Stored stored{store::key::trailing_u64(rows.key()), {}};
    const auto value = rows.value();
    if (!stored.record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return error(v1::CODE_INTERNAL, "corrupt event row");
    }
    return std::optional<Stored>(std::move(stored));
  }
  TRY_DO(rows.status());
  return std::optional<Stored>{};
}

// The first position from which all events were accepted at `us` or later: positions rise with
// time.
Result<uint64_t> position_at(const store::Reads& reads, int64_t us) {
  TRY(const auto newest, event_at(*reads.scan_back(kv::Family::kEvent, "", "")));
  uint64_t low = 1;
  uint64_t high = newest ? newest->position + 1 : 1;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    TRY(const auto event,
        event_at(*reads.scan(kv::Family::kEvent, store::key::position(middle), "")));
    if (event && event->record.accepted_us() < us) {
      low = event->position + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

struct Span {
  int64_t from_us = 0;
  int64_t to_us = 0;  // 0 = now
  size_t events_max = 0;
};
// Newest first, until `visit` says false. True: all of the span were visited.
Result<bool> visit_events(const store::Reads& reads, const Span& span,
                          const std::function<Result<bool>(const Stored&)>& visit) {
  std::string until;
  if (span.to_us != 0) {
    TRY(const uint64_t end, position_at(reads, span.to_us));
    until = store::key::position(end);
  }
  const auto rows = reads.scan_back(kv::Family::kEvent, "", until);
  for (size_t seen = 0;; ++seen) {
    TRY(const auto event, event_at(*rows));
    if (!event || event->record.accepted_us() < span.from_us) return true;
    if (seen == span.events_max) return false;
    TRY(const bool go_on, visit(*event));
    if (!go_on) return false;
    rows->next();
  }
}

// ---- estimates ----

class Estimate {
 public:
  Estimate(const store::Reads& reads, const core::Directory& directory, const View& view)
      : reads_(reads), directory_(directory), view_(view) {}

  void add(const v1::Item& item, Time at);
  void leave_out() { report_.set_left_out(report_.left_out() + 1); }
  bool full() const { return told_.full(); }
  v1::EstimateReport report(bool complete);

 private:
  void tell(const v1::Team& team, const core::Circumstances& event, v1::Cause cause, Time at);
  const store::Reads& reads_;
  const core::Directory& directory_;
  const View& view_;
  Told told_{By::kDay};
  std::set<std::string> teams_;
  v1::EstimateReport report_;
};

void Estimate::tell(const v1::Team& team, const core::Circumstances& event, v1::Cause cause,
                    Time at) {
  const bool out_of_hours = !directory_.staffing(team).staffed(at);
  const auto asked =
      core::attention(directory_.policy().row, event, {cause, team.kind(), out_of_hours});
  told_.add(team.id(), asked.attention, at);
  teams_.insert(team.id());
}

void Estimate::add(const v1::Item& item, Time at) {
  v1::EventHeader header;
  if (!header.ParseFromString(item.header()) || header.kind() == "correction") return leave_out();
  v1::PrincipalRow as;  // as if its own agency had published it
  as.set_id("estimate");
  as.set_agency(header.agency());
  as.set_system(header.system());
  as.set_environment(v1::ENVIRONMENT_LIVE);
  as.add_roles(v1::ROLE_PUBLISHER);
  const auto trial = core::try_routes(reads_, directory_, view_.secrets, as, item, view_.now);
  if (trial.admitted.verdict != core::Verdict::kAdmit) return leave_out();
  report_.set_events(report_.events() + 1);
  const bool too_many = trial.matches.size() > limits::kTeamsPerEventMax;
  if (trial.disposition == v1::DISPOSITION_UNROUTED || too_many) {
    const v1::Team* net = directory_.safety_net(header.agency());
    v1::EventRecord event;
    event.set_environment(header.environment());
    if (net != nullptr && core::same_environment(*net, event)) {
      return tell(*net, trial.circumstances, v1::CAUSE_SAFETY_NET, at);
    }
  } else if (!trial.matches.empty()) {
    for (const auto& match : trial.matches) {
      tell(*match.team, trial.circumstances, match.cause, at);
    }
    return;
  }
  report_.set_told_nobody(report_.told_nobody() + 1);
}

v1::EstimateReport Estimate::report(bool complete) {
  told_.give(report_);
  for (const auto& id : teams_) {
    const v1::Team* team = directory_.team(id);
    if (team->act_per_day() > 0) (*report_.mutable_act_per_day())[id] = team->act_per_day();
  }
  report_.set_complete(complete);
  return std::move(report_);
}

Result<bool> add_stored(const View& view, const Stored& event, Estimate& estimate) {
  if (event.record.kind() == "correction" || event.record.probe() ||
      event.record.disposition() == v1::DISPOSITION_QUARANTINED) {
    estimate.leave_out();
    return true;
  }
  static const std::vector<v1::SectionKind> kWanted = {
      v1::SECTION_KIND_HEADER, v1::SECTION_KIND_IDENTITY, v1::SECTION_KIND_SUMMARY,
      v1::SECTION_KIND_DETAIL, v1::SECTION_KIND_LOCATION};
  auto payload = store::read_payload(view.reads, view.secrets.seal, event.position, kWanted);
  if (!payload.ok() && payload.error().code != v1::CODE_NOT_FOUND) return payload.error();
  if (!payload.ok()) {  // erased
    estimate.leave_out();
    return true;
  }
  v1::Item item;
  item.set_header(std::move(payload->header));
  for (auto& section : payload->sections) *item.add_sections() = std::move(section);
  estimate.add(item, {event.record.accepted_us()});
  return !estimate.full();
}

// When the source recorded it; else when it happened.
Time time_of(const v1::Item& item) {
  v1::EventHeader header;
  if (!header.ParseFromString(item.header())) return {};
  return {header.recorded_us() != 0 ? header.recorded_us() : header.occurred().latest_us()};
}

}  // namespace

Result<v1::ShadowReport> shadow_report(const View& view, const v1::ShadowRequest& wanted) {
  v1::ShadowReport report;
  Told told(By::kHour);
  const auto count = [&](const Stored& event) -> Result<bool> {
    const auto& e = event.record;
    if (e.disposition() != v1::DISPOSITION_SHADOWED) return true;
    if (!wanted.agency().empty() && e.agency() != wanted.agency()) return true;
    if (!wanted.system().empty() && e.system() != wanted.system()) return true;
    report.set_events(report.events() + 1);
    if (e.shadow().empty()) report.set_told_nobody(report.told_nobody() + 1);
    for (const auto& r : e.shadow()) told.add(r.team(), r.attention(), {e.accepted_us()});
    return !told.full();
  };
  TRY(const bool all,
      visit_events(view.reads, {wanted.from_us(), wanted.to_us(), limits::kReportEventsMax},
                   count));
  report.set_complete(all);
  told.give(report);
  return report;
}

Result<v1::EstimateReport> route_estimate(const View& view, const v1::RouteEstimate& wanted) {
  const auto directory = core::Directory::with(view.directory, wanted.with());
  const auto reads = LaidOver::with(view.reads, view.secrets, *directory, wanted.with());
  Estimate estimate(reads, *directory, view);
  if (wanted.items_size() > static_cast<int>(limits::kItemsPerFrameMax)) {
    return error(v1::CODE_OVERSIZE, "too many items in one request");
  }
  for (const auto& item : wanted.items()) estimate.add(item, time_of(item));
  if (!wanted.items().empty()) return estimate.report(true);
  TRY(const bool all,
      visit_events(view.reads, {wanted.since_us(), 0, limits::kEstimateEventsMax},
                   [&](const Stored& event) { return add_stored(view, event, estimate); }));
  return estimate.report(all);
}

}  // namespace switchboard::server
