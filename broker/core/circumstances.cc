#include "broker/core/circumstances.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/damage.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

constexpr Duration kThirtyDays = seconds(30 * 86'400);
constexpr int kMonthsOfAYear = 12;

bool told_somebody(const v1::EventRecord& event) {
  return event.recipients_size() > 0 && event.kind() != "correction";
}

// This one and those before it that told somebody; no more than rows ask for, of no more than the
// newest few. Corrections are not counted: nothing happened to the child by them.
uint32_t count_events(Turn& turn, const std::string& subject, uint32_t most) {
  uint32_t count = 1;
  const auto rows =
      turn.journal.scan_back(kv::Family::kIndex, store::key::subject_position(subject, 0),
                             store::key::subject_position(subject, ~uint64_t{0}));
  for (size_t seen = 0; rows->valid() && seen < limits::kSubjectEventsMax && count < most;
       rows->next(), ++seen) {
    const uint64_t position = store::key::trailing_u64(rows->key());
    const auto event = event_of(turn, position);
    if (!event) continue;
    if (Time{event->accepted_us()} + kThirtyDays < turn.now) break;
    count += told_somebody(*event);
  }
  if (auto status = rows->status(); !status.ok()) turn.journal.fail(status.error());
  return count;
}

}  // namespace

Circumstances circumstances_of(const v1::EventHeader& header, const Facts& facts) {
  Circumstances c;
  c.kind = header.kind();
  c.urgency = header.urgency();
  c.open_plan = facts.open_plan;
  c.unborn = facts.unborn;
  c.under_1 = !facts.unborn && facts.age_months && *facts.age_months < kMonthsOfAYear;
  return c;
}

Circumstances circumstances_of(Turn& turn, const v1::EventHeader& header, const Facts& facts,
                               const v1::EventRecord& record) {
  Circumstances c = circumstances_of(header, facts);
  c.provisional = record.unverified_identity();
  const uint32_t asked = turn.directory.policy_asks().events_in_30_days;
  if (asked > 1 && !record.subject().empty()) {
    c.events_in_30_days = count_events(turn, record.subject(), asked);
  }
  return c;
}

Circumstances circumstances_of(const v1::EventRecord& record) {
  Circumstances c;
  c.kind = record.kind();
  c.urgency = record.urgency();
  c.unborn = record.subject_type() == v1::SUBJECT_TYPE_UNBORN;
  c.provisional = record.unverified_identity();
  return c;
}

Relation relation_of(const Turn& turn, const v1::Team& team, v1::Cause cause) {
  Relation relation{cause, team.kind(), false};
  if (turn.directory.policy_asks().out_of_hours) {
    relation.out_of_hours = !turn.directory.staffing(team).staffed(turn.now);
  }
  return relation;
}

}  // namespace switchboard::core
