#include "broker/server/attendance_page.h"

#include <algorithm>
#include <set>

#include "broker/base/limits.h"
#include "broker/core/ladder.h"
#include "broker/server/attendance_days.h"
#include "broker/server/entry_bytes.h"
#include "broker/store/open_rows.h"

namespace switchboard::server {
namespace {

constexpr size_t kLooksMax = 4'000;        // at entries of the log, for one page
constexpr size_t kOpenLooksMax = 100'000;  // … and for what is not reviewed
constexpr Duration kAtLeast = seconds(24 * 3600);

bool reviewed(const std::optional<v1::DeliveryRecord>& record) {
  return record && core::state_of(*record) >= v1::DELIVERY_STATE_ACTIONED;
}

// One working day of the team's, by policy, whoever has picked it up since.
int64_t review_by(const v1::Recipient& recipient) {
  return recipient.acknowledge_by_us() != 0 ? recipient.acknowledge_by_us()
                                            : recipient.action_by_us();
}

class AttendancePage {
 public:
  AttendancePage(const View& view, const v1::Team& team, const v1::ReadAttendances& wanted)
      : view_(view), team_(team), wanted_(wanted) {}

  Result<v1::Page> make() {
    TRY_DO(find_unreviewed());
    TRY_DO(add_rows());
    if (wanted_.before() == 0) {
      TRY(auto days, attendance_days(view_, team_, from()));
      for (auto& day : days) *out().add_days() = std::move(day);
    }
    return std::move(page_);
  }

 private:
  struct Told {
    v1::EventRecord event;
    v1::Recipient recipient;
  };
  v1::AttendanceView& out() { return *page_.mutable_attendances(); }
  bool late(const v1::Recipient& recipient) const {
    const int64_t by = review_by(recipient);
    return by != 0 && by <= view_.now.us;
  }
  // Since the last review: from the oldest that nobody has reviewed, and at least the last day, so
  // that what was reviewed just now stays in sight.
  Time from() const {
    if (wanted_.from_us() != 0) return {wanted_.from_us()};
    const Time day = view_.now - kAtLeast;
    return oldest_us_ != 0 ? std::min(Time{oldest_us_}, day) : day;
  }
  bool full() const {
    const uint32_t limit = wanted_.limit() == 0 ? limits::kPageItemsMax
                                                : std::min(wanted_.limit(), limits::kPageItemsMax);
    return page_.items_size() >= static_cast<int>(limit) || bytes_ >= limits::kPageBytesMax;
  }

  // The attendance that this entry tells of; nothing: it tells of something else.
  Result<std::optional<Told>> told(uint64_t number, const store::LogEntry& entry) {
    TRY(auto event, store::read_event(view_.reads, entry.position));
    if (!event || !is_attendance(*event, team_)) return std::optional<Told>();
    TRY(auto recipients, store::read_recipients(view_.reads, entry.position));
    for (auto& recipient : recipients) {
      const bool own = recipient.team_handle() == team_.handle() && recipient.number() == number;
      if (own) return std::optional<Told>({std::move(*event), std::move(recipient)});
    }
    return std::optional<Told>();
  }

  // Nothing below the first open delivery of the team is unreviewed. Past the bound the count of
  // all that is open in the team stands for the rest: rather too many than too few.
  Status find_unreviewed() {
    out().set_complete_through_us(view_.now.us);
    TRY(const auto open, store::read_open_count(view_.reads, team_.handle()));
    if (!open || open->open == 0) return ok();
    store::DeliveryScan records(view_.reads, team_.handle(), open->first, UINT64_MAX);
    const auto entries = view_.reads.scan(kv::Family::kInbox, store::key::inbox(log_, open->first),
                                          store::key::inbox(log_, UINT64_MAX));
    std::set<uint64_t> seen;
    for (size_t looks = 0; entries->valid(); entries->next()) {
      if (++looks > kOpenLooksMax) {
        out().set_unreviewed(std::max(out().unreviewed(), open->open));
        out().set_overdue(std::max(out().overdue(), open->overdue));
        return ok();
      }
      const auto entry = store::decode_entry(entries->value());
      if (!entry || entry->type != v1::ENTRY_TYPE_DELIVERY) continue;
      const uint64_t number = store::key::trailing_u64(entries->key());
      TRY(const auto record, records.at(number));
      if (reviewed(record)) continue;
      TRY(const auto one, told(number, *entry));
      if (one && seen.insert(entry->position).second) is_unreviewed(*one);
    }
    return entries->status();
  }

  void is_unreviewed(const Told& one) {
    const int64_t at_us = one.event.accepted_us();
    oldest_us_ = oldest_us_ == 0 ? at_us : std::min(oldest_us_, at_us);
    out().set_complete_through_us(oldest_us_ - 1);
    out().set_unreviewed(out().unreviewed() + 1);
    if (late(one.recipient)) out().set_overdue(out().overdue() + 1);
  }

  Status add_rows() {
    const uint64_t before = wanted_.before() == 0 ? UINT64_MAX : wanted_.before();
    const auto entries = view_.reads.scan_back(kv::Family::kInbox, store::key::inbox(log_, 1),
                                               store::key::inbox(log_, before));
    size_t looks = 0;
    for (; entries->valid(); entries->next()) {
      const uint64_t number = store::key::trailing_u64(entries->key());
      if (full() || ++looks > kLooksMax) {
        out().set_next_before(number + 1);
        return ok();
      }
      const auto entry = store::decode_entry(entries->value());
      if (!entry || entry->type != v1::ENTRY_TYPE_DELIVERY) continue;
      TRY(const auto one, told(number, *entry));
      if (!one) continue;
      // Numbers fall with the time at which the team was told.
      if (one->recipient.added_us() < from().us) return ok();
      if (!seen_.insert(entry->position).second) continue;
      TRY_DO(add_row(number, *entry, *one));
    }
    return entries->status();
  }

  Status add_row(uint64_t number, const store::LogEntry& entry, const Told& one) {
    TRY(const auto record, store::read_delivery(view_.reads, team_.handle(), number));
    if (wanted_.unreviewed_only() && reviewed(record)) return ok();
    auto made = stored_entry(from_, number, entry);
    bytes_ += made.ByteSizeLong();
    *page_.add_items() = std::move(made);
    v1::Attendance& row = *out().add_rows();
    row.set_number(number);
    row.set_review_by_us(review_by(one.recipient));
    if (!reviewed(record)) {
      row.set_overdue(late(one.recipient));
      return ok();
    }
    return add_review(*record, row);
  }

  // The newest step that stands for the state; words that cannot be opened leave the rest.
  Status add_review(const v1::DeliveryRecord& record, v1::Attendance& row) {
    const auto& steps = record.steps();
    const auto step = std::find_if(steps.rbegin(), steps.rend(), [](const auto& s) {
      return s.state() >= v1::DELIVERY_STATE_ACTIONED;
    });
    if (step == steps.rend()) return ok();
    *row.mutable_reviewed_by() = step->actor();
    row.set_reviewed_us(step->at_us());
    auto words = store::read_text(view_.reads, view_.secrets.seal, record.event_position(),
                                  step->sealed_outcome());
    if (words.ok()) row.set_outcome(std::move(words).value());
    if (step->act() == v1::ACT_KIND_NOT_OURS)
      row.set_outcome("not ours, sent on. " + row.outcome());
    return ok();
  }

  const View& view_;
  const v1::Team& team_;
  const v1::ReadAttendances& wanted_;
  const store::LogId log_{team_.handle(), store::Log::kInbox};
  const StoredLog from_{view_.reads, view_.directory, view_.secrets, log_, 0, view_.now};
  v1::Page page_;
  size_t bytes_ = 0;
  int64_t oldest_us_ = 0;  // of what nobody has reviewed
  std::set<uint64_t> seen_;
};

}  // namespace

bool is_attendance(const v1::EventRecord& event, const v1::Team& team) {
  return event.kind() == "ed_attendance" && event.agency() == team.agency() && !event.probe() &&
         event.environment() == team.environment() &&
         event.subject_type() != v1::SUBJECT_TYPE_ADULT;
}

Result<v1::Page> attendance_page(const View& view, const v1::ReadAttendances& wanted) {
  const v1::Team* team = view.directory.team(wanted.team());
  if (team == nullptr || !team->reviews_attendances()) {
    return error(v1::CODE_NOT_FOUND, "this team reviews no attendances");
  }
  return AttendancePage(view, *team, wanted).make();
}

}  // namespace switchboard::server
