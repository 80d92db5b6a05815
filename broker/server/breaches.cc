#include "broker/server/breaches.h"

#include <algorithm>
#include <map>

#include "broker/base/limits.h"
#include "broker/core/clock.h"
#include "broker/core/ladder.h"
#include "broker/core/picked_up.h"
#include "broker/core/ring.h"

namespace switchboard::server {
namespace {

constexpr uint32_t kWithinS = 4 * 3600;

std::string words(v1::DueClock clock) {
  switch (clock) {
    case v1::DUE_CLOCK_RECEIVE:
      return "receive";
    case v1::DUE_CLOCK_ACTION:
      return "action";
    default:
      return "acknowledge";
  }
}

// What is late of a delivery: the highest level that passed of the clock it waits for now.
struct Late {
  v1::DueClock clock = v1::DUE_CLOCK_UNSPECIFIED;
  uint32_t level = 0;
  int64_t since_us = 0;
};
Late late_of(const core::Delivery& d) {
  const bool picked_up = d.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED;
  Late late;
  for (const auto& step : d.record.steps()) {
    if (step.overdue_level() == 0) continue;
    const bool action = step.clock() == v1::DUE_CLOCK_ACTION;
    if (action != picked_up || step.clock() == v1::DUE_CLOCK_RECEIVE) continue;
    late.level = std::max(late.level, step.overdue_level());
  }
  if (late.level == 0) return late;
  late.clock = picked_up ? v1::DUE_CLOCK_ACTION : v1::DUE_CLOCK_ACKNOWLEDGE;
  late.since_us = picked_up ? d.record.action_by_us() : d.recipient.acknowledge_by_us();
  return late;
}

class Breaches {
 public:
  Breaches(const View& view, const BreachScope& scope) : view_(view) {
    for (const auto& id : scope.teams) {
      if (const auto* team = view.directory.team(id)) teams_[team->handle()] = team;
    }
    if (!scope.teams.empty()) return;
    for (const auto& [id, team] : view.directory.teams()) teams_[team.row.handle()] = &team.row;
  }
  Status add_coming(Duration within);
  Status add_late();
  v1::BreachRows take(uint32_t limit);

 private:
  Result<std::optional<core::Delivery>> find(store::TeamHandle team, uint64_t number) const;
  void add(const core::Delivery& d, const Late& late);
  bool looked() { return ++looked_ <= limits::kReportEventsMax; }

  const View& view_;
  std::map<store::TeamHandle, const v1::Team*> teams_;
  std::vector<v1::BreachRow> rows_;
  size_t looked_ = 0;
};

Result<std::optional<core::Delivery>> Breaches::find(store::TeamHandle team,
                                                     uint64_t number) const {
  std::optional<core::Delivery> none;
  TRY(const auto entry, store::read_entry(view_.reads, {team, store::Log::kInbox}, number));
  if (!entry || entry->type != v1::ENTRY_TYPE_DELIVERY) return none;
  TRY(auto event, store::read_event(view_.reads, entry->position));
  TRY(const auto told, store::read_recipients(view_.reads, entry->position));
  const auto mine = std::find_if(told.begin(), told.end(), [&](const auto& r) {
    return r.team_handle() == team && r.number() == number;
  });
  if (!event || mine == told.end()) return none;
  TRY(auto record, store::read_delivery(view_.reads, team, number));
  core::Delivery d;
  d.event_position = entry->position;
  d.event = std::move(*event);
  d.recipient = *mine;
  if (record) d.record = std::move(*record);
  d.team = view_.directory.team(team);
  return std::optional(std::move(d));
}

void Breaches::add(const core::Delivery& d, const Late& late) {
  v1::BreachRow& row = rows_.emplace_back();
  row.set_team(d.recipient.team());
  row.set_number(d.number());
  row.set_event_id(d.event.event_id());
  row.set_urgency(d.event.urgency());
  row.set_clock(words(late.clock));
  row.set_due_us(late.since_us);
  row.set_level(late.level);
  if (d.team != nullptr)
    *row.mutable_ring() = core::number_now(view_.directory, *d.team, view_.now);
}

Status Breaches::add_coming(Duration within) {
  const auto rows = view_.reads.scan(kv::Family::kState, store::key::due_from(0),
                                     store::key::due_until((view_.now + within).us));
  for (; rows->valid() && looked(); rows->next()) {
    const auto due = store::key::read_due(rows->key());
    if (!due || due->kind != store::DueKind::kDelivery || !teams_.contains(due->team)) continue;
    TRY(const auto d, find(due->team, due->number));
    if (!d || !core::is_clock(*d, *due) || late_of(*d).level > 0) continue;
    add(*d, {core::clock_of(*d).which, 0, due->at_us});
  }
  return rows->status();
}

// Somebody waits for them still, and nobody else has them.
Status Breaches::add_late() {
  for (const auto& [handle, team] : teams_) {
    const auto rows = view_.reads.scan(kv::Family::kState, store::key::delivery(handle, 0),
                                       store::key::delivery(handle, ~uint64_t{0}));
    for (; rows->valid() && looked(); rows->next()) {
      v1::DeliveryRecord record;
      const auto value = rows->value();
      if (!record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
        return error(v1::CODE_INTERNAL, "corrupt delivery row");
      }
      const bool marked = std::any_of(record.steps().begin(), record.steps().end(),
                                      [](const auto& s) { return s.overdue_level() > 0; });
      if (!marked || record.state() > v1::DELIVERY_STATE_ACKNOWLEDGED) continue;
      TRY(const auto d, find(handle, store::key::trailing_u64(rows->key())));
      if (!d || !d->open() || !core::held_by(*d).empty()) continue;
      if (d->record.corrected() == v1::CORRECTION_NATURE_VOID) continue;
      const Late late = late_of(*d);
      if (late.level > 0) add(*d, late);
    }
    TRY_DO(rows->status());
  }
  return ok();
}

v1::BreachRows Breaches::take(uint32_t limit) {
  std::stable_sort(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) {
    if (a.urgency() != b.urgency()) return a.urgency() > b.urgency();
    return a.due_us() < b.due_us();
  });
  const size_t most =
      limit == 0 ? limits::kPageItemsMax : std::min<size_t>(limit, limits::kPageItemsMax);
  v1::BreachRows out;
  out.set_complete(looked_ <= limits::kReportEventsMax && rows_.size() <= most);
  for (size_t i = 0; i < std::min(most, rows_.size()); ++i) *out.add_rows() = std::move(rows_[i]);
  return out;
}

}  // namespace

Result<v1::BreachRows> breach_rows(const View& view, const BreachScope& scope) {
  Breaches breaches(view, scope);
  TRY_DO(breaches.add_coming(seconds(scope.within_s == 0 ? kWithinS : scope.within_s)));
  TRY_DO(breaches.add_late());
  return breaches.take(scope.limit);
}

}  // namespace switchboard::server
