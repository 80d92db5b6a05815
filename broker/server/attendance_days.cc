#include "broker/server/attendance_days.h"

#include <algorithm>
#include <map>
#include <set>

#include "broker/base/kind_counts.h"
#include "broker/base/limits.h"
#include "broker/server/attendance_page.h"
#include "broker/store/ledger_rows.h"

namespace switchboard::server {
namespace {

constexpr size_t kLooksMax = 100'000;      // at entries of the team's log
constexpr size_t kQuarantineMax = 10'000;  // looks at what is held
constexpr std::string_view kKind = "ed_attendance";

class Days {
 public:
  Days(const View& view, const v1::Team& team, Day first)
      : view_(view), team_(team), first_(first) {}

  Result<std::vector<v1::AttendanceDay>> count() {
    TRY_DO(add_here());
    TRY_DO(add_accepted());
    TRY_DO(add_fed());
    TRY_DO(add_quarantined());
    return rows();
  }

 private:
  using Key = std::pair<Day, std::string>;  // and system
  v1::AttendanceDay& at(Day day, const std::string& system) { return days_[{day, system}]; }
  v1::LedgerBucket bucket() const {
    return team_.environment() == v1::ENVIRONMENT_TEST ? v1::LEDGER_BUCKET_TEST
                                                       : v1::LEDGER_BUCKET_LIVE;
  }
  static Day day_of(const v1::EventRecord& event) {
    return london_day({event.taken_us() == 0 ? event.accepted_us() : event.taken_us()});
  }

  // Downwards from the newest, until before the first day; each event once.
  Status add_here() {
    const store::LogId log{team_.handle(), store::Log::kInbox};
    const auto entries = view_.reads.scan_back(kv::Family::kInbox, store::key::inbox(log, 1),
                                               store::key::inbox(log, UINT64_MAX));
    std::set<uint64_t> seen;
    size_t looks = 0;
    for (; entries->valid(); entries->next()) {
      const auto entry = store::decode_entry(entries->value());
      if (!entry || entry->type != v1::ENTRY_TYPE_DELIVERY) continue;
      TRY(const auto event, store::read_event(view_.reads, entry->position));
      if (!event) continue;
      const Day day = day_of(*event);
      // A day of slack: what was taken before midnight may have been accepted a day later.
      if (london_day({event->accepted_us()}).number < first_.number - 1) break;
      if (++looks > kLooksMax) {
        first_ = {day.number + 1};
        break;
      }
      if (!is_attendance(*event, team_) || !seen.insert(entry->position).second) continue;
      if (day < first_) continue;
      systems_.insert(event->system());
      v1::AttendanceDay& row = at(day, event->system());
      row.set_here(row.here() + 1);
    }
    return entries->status();
  }

  Status add_accepted() {
    for (Day day = first_; day <= today(); ++day.number) {
      TRY(const auto ledgers, store::read_ledgers(view_.reads, day));
      for (const auto& ledger : ledgers) {
        if (ledger.key.agency != team_.agency() || ledger.key.bucket != bucket()) continue;
        const uint64_t children = children_of(ledger.record.kinds(), kKind);
        if (children > 0) systems_.insert(ledger.key.system);
        at(day, ledger.key.system).set_accepted(children);
      }
    }
    return ok();
  }

  Status add_fed() {
    // All that are kept: a feed of attendances that is silent today is one all the same.
    const Day since{today().number - limits::kLedgerDaysMax};
    TRY(const auto told, store::read_adapter_ledgers(view_.reads, since, today()));
    for (const auto& row : told) {
      const auto& ledger = row.ledger();
      const auto day = day_from_string(ledger.day());
      if (!day || ledger.agency() != team_.agency() || ledger.bucket() != bucket()) continue;
      const uint64_t children = children_of(ledger.kinds(), kKind);
      if (children > 0) systems_.insert(ledger.system());
      const auto [began, fresh] = began_.try_emplace(ledger.system(), *day);
      if (!fresh) began->second = std::min(began->second, *day);
      if (*day < first_) continue;
      v1::AttendanceDay& out = at(*day, ledger.system());
      out.set_fed(out.fed() + children);
      out.set_waiting(out.waiting() + ledger.unanswered());
      out.set_fed_us(out.fed_us() == 0 ? row.told_us() : std::min(out.fed_us(), row.told_us()));
    }
    return ok();
  }

  // What is held may be an attendance: nobody can read its kind.
  Status add_quarantined() {
    const auto prefix = store::key::queue_prefix(store::Queue::kQuarantine);
    const auto held = view_.reads.scan_back(
        kv::Family::kState, prefix, store::key::queue(store::Queue::kQuarantine, UINT64_MAX));
    for (size_t looks = 0; held->valid() && looks < kQuarantineMax; held->next(), ++looks) {
      TRY(const auto event, store::read_event(view_.reads, store::key::trailing_u64(held->key())));
      if (!event) continue;
      const Day day = day_of(*event);
      if (london_day({event->accepted_us()}).number < first_.number - 1) break;
      if (day < first_ || event->agency() != team_.agency()) continue;
      if (event->environment() != team_.environment()) continue;
      v1::AttendanceDay& out = at(day, event->system());
      out.set_quarantined(out.quarantined() + 1);
    }
    return held->status();
  }

  // The hub's counts are newer than the adapter's word: until a day is over, that more was accepted
  // than was told of is no fault, and what was waiting then may be answered now.
  void settle(Day day, v1::AttendanceDay& row) const {
    const uint64_t missing = row.fed() > row.accepted() ? row.fed() - row.accepted() : 0;
    row.set_waiting(std::min(row.waiting(), missing));
    const bool over = view_.now.us >= london_midnight({day.number + 1}).us;
    const bool fed =
        row.fed_us() != 0 && (row.fed() == row.accepted() || (!over && row.accepted() > row.fed()));
    row.set_agrees(fed && row.accepted() == row.here() && row.quarantined() == 0 &&
                   row.waiting() == 0);
  }

  // Its adapter had not told of any day yet, and nothing came: it was not connected.
  bool before_it_began(Day day, const std::string& system, const v1::AttendanceDay& row) const {
    const auto began = began_.find(system);
    return began != began_.end() && day < began->second && row.accepted() == 0 && row.here() == 0;
  }

  std::vector<v1::AttendanceDay> rows() {
    std::vector<v1::AttendanceDay> out;
    for (Day day = today(); first_ <= day; --day.number) {
      for (const std::string& system : systems_) {
        v1::AttendanceDay& row = at(day, system);
        if (before_it_began(day, system, row)) continue;
        row.set_day(to_string(day));
        row.set_agency(team_.agency());
        row.set_system(system);
        settle(day, row);
        out.push_back(std::move(row));
      }
    }
    return out;
  }

  Day today() const { return london_day(view_.now); }

  const View& view_;
  const v1::Team& team_;
  Day first_;
  std::map<Key, v1::AttendanceDay> days_;
  std::set<std::string> systems_;     // those that have told of attendances
  std::map<std::string, Day> began_;  // the first day that the adapter of a system told of
};

}  // namespace

Result<std::vector<v1::AttendanceDay>> attendance_days(const View& view, const v1::Team& team,
                                                       Time from) {
  const Day oldest{london_day(view.now).number - kAttendanceDaysMax + 1};
  return Days(view, team, std::max(london_day(from), oldest)).count();
}

}  // namespace switchboard::server
