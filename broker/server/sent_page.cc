#include "broker/server/sent_page.h"

#include <algorithm>
#include <map>

#include "broker/base/limits.h"
#include "broker/core/ladder.h"
#include "broker/core/ring.h"
#include "broker/core/task_view.h"

namespace switchboard::server {
namespace {

class SentPage {
 public:
  SentPage(const View& view, const v1::Team& team, const v1::ReadSent& wanted)
      : view_(view), team_(team), wanted_(wanted), limit_(limits::kPageItemsMax) {
    if (wanted.limit() != 0) limit_ = std::min(wanted.limit(), limit_);
  }
  Result<v1::Page> make();

 private:
  struct One {
    v1::SentItem item;
    bool open = false;
    int64_t overdue_since_us = 0;  // 0: not overdue
  };
  bool sent_by_team(const v1::EventRecord& event) const;
  Result<One> look_at(uint64_t position, const v1::EventRecord& event);
  Status add_recipient(const v1::Recipient& from, One& one);
  Status add_tasks(uint64_t position, One& one);
  void add_state(const v1::DeliveryRecord& record, v1::SentRecipient& out) const;
  Result<uint64_t> received_through(store::TeamHandle team);
  void is_late(int64_t since_us, One& one) const;
  bool first_page() const { return wanted_.before_position() == 0; }
  // False: the page is full and nothing more belongs on it.
  bool keep(One one);
  v1::Page page();

  const View& view_;
  const v1::Team& team_;
  const v1::ReadSent& wanted_;
  uint32_t limit_;
  std::vector<One> overdue_, others_;
  bool more_ = false;
  std::map<store::TeamHandle, uint64_t> received_;
};

bool SentPage::sent_by_team(const v1::EventRecord& event) const {
  if (event.from_team() != team_.id() || event.agency() != team_.agency()) return false;
  return event.disposition() == v1::DISPOSITION_ROUTED ||
         event.disposition() == v1::DISPOSITION_UNROUTED ||
         event.disposition() == v1::DISPOSITION_HELD;
}

Result<uint64_t> SentPage::received_through(store::TeamHandle team) {
  const auto known = received_.find(team);
  if (known != received_.end()) return known->second;
  TRY(const uint64_t through,
      store::read_received_through(view_.reads, {team, store::Log::kInbox}));
  received_[team] = through;
  return through;
}

void SentPage::add_state(const v1::DeliveryRecord& record, v1::SentRecipient& out) const {
  out.set_state(core::state_of(record));
  out.set_overdue_level(record.overdue_level());
  for (const auto& step : record.steps()) {
    if (step.state() == v1::DELIVERY_STATE_UNSPECIFIED) continue;
    out.set_since_us(step.at_us());
    const bool picked_up = step.state() == v1::DELIVERY_STATE_ACKNOWLEDGED;
    if (picked_up && !out.has_picked_up_by()) *out.mutable_picked_up_by() = step.actor();
  }
}

void SentPage::is_late(int64_t since_us, One& one) const {
  if (since_us <= 0 || since_us > view_.now.us) return;
  if (one.overdue_since_us == 0 || since_us < one.overdue_since_us) one.overdue_since_us = since_us;
}

Status SentPage::add_recipient(const v1::Recipient& from, One& one) {
  v1::SentRecipient& out = *one.item.add_recipients();
  const v1::Team* team = view_.directory.team(store::TeamHandle{from.team_handle()});
  out.set_team(from.team());
  out.set_attention(from.attention());
  out.set_acknowledge_by_us(from.acknowledge_by_us());
  out.set_since_us(from.added_us());
  out.set_state(v1::DELIVERY_STATE_QUEUED);
  if (team != nullptr) {
    out.set_team_name(team->name());
    *out.mutable_ring() = core::number_now(view_.directory, *team, view_.now);
  }
  TRY(const auto record, store::read_delivery(view_.reads, from.team_handle(), from.number()));
  if (record) add_state(*record, out);
  TRY(const uint64_t received, received_through(from.team_handle()));
  if (out.state() == v1::DELIVERY_STATE_QUEUED && from.number() <= received) {
    out.set_state(v1::DELIVERY_STATE_RECEIVED);
  }
  const bool attended = record && record->attention() != v1::ATTENTION_UNSPECIFIED;
  const auto attention = attended ? record->attention() : from.attention();
  const bool voided = record && record->corrected() == v1::CORRECTION_NATURE_VOID;
  if (attention == v1::ATTENTION_FILE || core::ended(out.state()) || voided) return ok();
  one.open = true;
  const bool waits =
      attention == v1::ATTENTION_ACT && out.state() < v1::DELIVERY_STATE_ACKNOWLEDGED;
  if (waits) is_late(from.acknowledge_by_us(), one);
  return ok();
}

Status SentPage::add_tasks(uint64_t position, One& one) {
  TRY(const auto ids, store::read_event_tasks(view_.reads, position, limits::kTasksPerEventShown));
  for (const auto& id : ids) {
    TRY(const auto task, store::read_task(view_.reads, id));
    if (!task || task->team() != team_.id()) continue;
    *one.item.add_tasks() = core::shown_task(view_.directory, *task, view_.now);
    if (task->task().state() != v1::TASK_STATE_OPEN) continue;
    one.open = true;
    is_late(task->task().due_us(), one);
  }
  return ok();
}

Result<SentPage::One> SentPage::look_at(uint64_t position, const v1::EventRecord& event) {
  One one;
  one.item.set_event_id(event.event_id());
  one.item.set_position(position);
  one.item.set_kind(event.kind());
  one.item.set_urgency(event.urgency());
  one.item.set_accepted_us(event.accepted_us());
  one.item.set_occurred_us(event.occurred_earliest_us());
  for (const auto& r : event.recipients()) TRY_DO(add_recipient(r, one));
  TRY(const auto added, store::read_added_recipients(view_.reads, position));
  for (const auto& r : added) TRY_DO(add_recipient(r, one));
  TRY_DO(add_tasks(position, one));
  return one;
}

bool SentPage::keep(One one) {
  if (wanted_.open_only() && !one.open) return true;
  if (one.overdue_since_us != 0) {
    if (first_page() && overdue_.size() < limits::kPageItemsMax) overdue_.push_back(std::move(one));
    return true;  // later pages leave out what the first one had
  }
  if (others_.size() < limit_) {
    others_.push_back(std::move(one));
  } else {
    more_ = true;
  }
  return !more_ || first_page();
}

v1::Page SentPage::page() {
  std::stable_sort(overdue_.begin(), overdue_.end(), [](const One& a, const One& b) {
    return a.overdue_since_us < b.overdue_since_us;
  });
  v1::Page page;
  for (auto& one : overdue_) *page.add_sent() = std::move(one.item);
  for (auto& one : others_) *page.add_sent() = std::move(one.item);
  if (more_) page.set_next_after(page.sent(page.sent_size() - 1).position());
  if (overdue_.size() == limits::kPageItemsMax) page.set_text("more may be overdue: act on these");
  return page;
}

Result<v1::Page> SentPage::make() {
  const uint64_t before = first_page() ? ~uint64_t{0} : wanted_.before_position();
  const auto rows = view_.reads.scan_back(kv::Family::kEvent, "", store::key::position(before));
  for (size_t seen = 0; rows->valid() && seen < limits::kReportEventsMax; rows->next(), ++seen) {
    v1::EventRecord event;
    const auto value = rows->value();
    if (!event.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return error(v1::CODE_INTERNAL, "corrupt event row");
    }
    if (!sent_by_team(event)) continue;
    TRY(auto one, look_at(store::key::trailing_u64(rows->key()), event));
    if (!keep(std::move(one))) break;
  }
  TRY_DO(rows->status());
  return page();
}

}  // namespace

Result<v1::Page> sent_page(const View& view, const v1::ReadSent& wanted) {
  const v1::Team* team = view.directory.team(wanted.team());
  if (team == nullptr) return error(v1::CODE_NOT_FOUND, "no such team");
  return SentPage(view, *team, wanted).make();
}

}  // namespace switchboard::server
