#include "broker/core/deadline.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/birth.h"
#include "broker/core/clock.h"
#include "broker/core/damage.h"
#include "broker/core/enquiry.h"
#include "broker/core/group.h"
#include "broker/core/inbox.h"
#include "broker/core/task.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

constexpr Duration kLate = seconds(60);  // told so long after it was due, a level is of an outage
constexpr uint32_t kStormFrom = 20;
constexpr size_t kLateStormFrom = 2;

bool received(Turn& turn, const Delivery& delivery) {
  return turn.journal.take_or_default(
             store::read_received_through(turn.journal, delivery.inbox())) >= delivery.number();
}

// A correction whose original never came: void or wrong-subject ones go to people, an update that
// updates nothing is noted. It still takes effect if the original comes later.
void give_up_waiting(Turn& turn, uint64_t position) {
  if (!store::in_queue(turn.journal, store::Queue::kHeld, position)) return;
  const auto event = turn.journal.take(store::read_event(turn.journal, position));
  if (!event) return;
  store::remove_from_queue(turn.journal, store::Queue::kHeld, position);
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_CORRECTED);
  const uint64_t at = entry.position();
  entry.set_event_position(position);
  entry.set_text("held correction: its original did not come in time");
  if (event->correction() == v1::CORRECTION_NATURE_SUPERSEDED ||
      event->environment() == v1::ENVIRONMENT_TEST) {
    return;
  }
  store::add_to_queue(turn.journal, store::Queue::kUnrouted, position);
  const v1::Team* net = turn.directory.safety_net(event->agency());
  if (net == nullptr) return;
  Match match{net, v1::CAUSE_SAFETY_NET, "safety net", 0, "a correction without its original"};
  add_recipients(turn, position, event->urgency(),
                 {make_recipient(turn, match, "correction", event->urgency())}, at);
}

// What has passed of the clock that runs.
Passed passed_of(Turn& turn, const Delivery& late) {
  const Clock clock = clock_of(late);
  const Time due{clock.due_us};
  return {clock.which, clock.level, due, unavoidable(turn, late, clock.which, due)};
}

// The clock goes on: from receipt to acknowledgement, from level to level, or it stops.
void go_on(Turn& turn, Delivery& late, const Passed& passed) {
  if (passed.clock == v1::DUE_CLOCK_RECEIVE) {
    const int64_t by = late.recipient.acknowledge_by_us();
    return by > 0 ? set_clock(turn, late, {v1::DUE_CLOCK_ACKNOWLEDGE, by, 1})
                  : stop_clock(turn, late);
  }
  if (passed.level >= levels_of(turn, late, passed.clock)) return stop_clock(turn, late);
  const auto level = static_cast<uint8_t>(passed.level + 1);
  set_clock(turn, late, {passed.clock, next_level(turn, late, passed).us, level});
}

// P8: it is with a system of the team: from now on a person is waited for.
void received_in_time(Turn& turn, Delivery& delivery) {
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_CLOCK);
  entry.set_event_position(delivery.event_position);
  entry.set_team(delivery.recipient.team());
  entry.set_number(delivery.number());
  entry.set_text("received in time");
  entry.set_digest(save(turn, delivery));
}

// All levels that have passed by now, one after the other.
void ring_delivery(Turn& turn, Telling& telling, const store::Due& due) {
  auto late = find_delivery(turn, due.team, due.number);
  if (!late || late->team == nullptr || !is_clock(*late, due)) return;
  while (clock_of(*late).runs() && clock_of(*late).due_us <= turn.now.us) {
    const Passed passed = passed_of(turn, *late);
    go_on(turn, *late, passed);
    if (passed.clock == v1::DUE_CLOCK_RECEIVE && received(turn, *late)) {
      received_in_time(turn, *late);
    } else {
      escalate(turn, telling, *late, passed);
    }
    late = find_delivery(turn, due.team, due.number);  // with whom the level told
  }
}

void act_on(Turn& turn, Telling& telling, const store::Due& due) {
  switch (due.kind) {
    case store::DueKind::kDelivery:
      return ring_delivery(turn, telling, due);
    case store::DueKind::kHeld:
      return give_up_waiting(turn, due.number);
    case store::DueKind::kTask:
      return ring_task(turn, due);
    case store::DueKind::kWatch:
      return ring_birth(turn, due);
    case store::DueKind::kEnquiry:
      return ring_enquiry(turn, due);
    case store::DueKind::kMorning:
      return tell_in_the_morning(turn, due);
    default:
      return;
  }
}

void ring(Turn& turn, Telling& telling, const store::Due& due) {
  const uint64_t before = turn.audit.position();
  store::remove_due(turn.journal, due);
  act_on(turn, telling, due);
  if (turn.audit.position() != before) return;
  // P10: the row goes, so there is an entry, also where nobody was to be told any more.
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_CLOCK);
  entry.set_number(due.number);
  entry.set_text("a deadline passed that nobody waits for any more");
}

v1::Urgency urgency_of(Turn& turn, const store::Due& due) {
  if (due.kind != store::DueKind::kDelivery) return v1::URGENCY_UNSPECIFIED;
  const store::LogId log{due.team, store::Log::kInbox};
  const auto entry = turn.journal.take(store::read_entry(turn.journal, log, due.number));
  if (!entry) return v1::URGENCY_UNSPECIFIED;
  const auto event = turn.journal.take(store::read_event(turn.journal, entry->position));
  return event ? event->urgency() : v1::URGENCY_UNSPECIFIED;
}

// The most urgent first, of the same urgency the oldest.
void sort_by_urgency(Turn& turn, std::vector<store::Due>& due) {
  if (due.size() < 2) return;
  std::vector<std::pair<v1::Urgency, store::Due>> sorted;
  for (const auto& d : due) sorted.emplace_back(urgency_of(turn, d), d);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (size_t i = 0; i < due.size(); ++i) due[i] = sorted[i].second;
}

// Logs that these levels would flood: many at once, or a few that come late, as after an outage.
std::set<store::LogId> storms_of(Turn& turn, const std::vector<store::Due>& due) {
  struct Count {
    size_t all = 0, late = 0;
  };
  std::set<store::LogId> storms;
  if (due.size() < 2) return storms;
  const uint32_t stated = turn.directory.policy().row.storm_from();
  const size_t from = stated == 0 ? kStormFrom : stated;
  std::map<store::LogId, Count> counts;
  for (const auto& d : due) {
    if (d.kind != store::DueKind::kDelivery) continue;
    const auto late = find_delivery(turn, d.team, d.number);
    if (!late || late->team == nullptr || !is_clock(*late, d)) continue;
    for (const auto log : told_by(turn, *late, passed_of(turn, *late))) {
      Count& count = counts[log];
      ++count.all;
      count.late += Time{d.at_us} + kLate < turn.now;
      if (count.all >= from || count.late >= kLateStormFrom) storms.insert(log);
    }
  }
  return storms;
}

}  // namespace

bool unavoidable(Turn& turn, const Delivery& late, v1::DueClock clock, Time due) {
  if (due < turn.opened) return true;
  if (clock == v1::DUE_CLOCK_RECEIVE) return false;
  const auto cursors = turn.journal.take_or_default(store::read_cursors(turn.journal));
  const bool attached = std::any_of(cursors.begin(), cursors.end(),
                                    [&](const auto& c) { return c.log == late.inbox(); });
  return attached && !received(turn, late);
}

std::vector<store::Due> passed_deadlines(Turn& turn, int64_t from_us, size_t most) {
  const auto sound = [&turn](const store::Due& due) { return readable(turn, due); };
  return turn.journal.take_or_default(
      store::read_due(turn.journal, from_us, turn.now.us, most, sound));
}

size_t ring_most_urgent(Turn& turn, std::vector<store::Due> due, size_t most) {
  sort_by_urgency(turn, due);
  const size_t wanted = std::min(most, due.size());
  Telling telling(storms_of(turn, {due.begin(), due.begin() + static_cast<long>(wanted)}));
  size_t rung = 0;
  for (; rung < wanted && turn.journal.pending().bytes() < limits::kTickBytesMax; ++rung) {
    ring(turn, telling, due[rung]);
  }
  for (size_t i = rung; i < due.size(); ++i) turn.journal.added_due(due[i].at_us);
  telling.finish(turn);
  return rung;
}

}  // namespace switchboard::core
