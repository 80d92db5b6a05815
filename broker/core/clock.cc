#include "broker/core/clock.h"

#include "broker/store/rows.h"

namespace switchboard::core {
namespace {

store::Due row_of(const v1::Recipient& recipient, const Clock& clock) {
  return {clock.due_us, store::DueKind::kDelivery, recipient.team_handle(), recipient.number(),
          clock.level};
}

// The record says something about a clock, if only that none runs.
bool says(const v1::DeliveryRecord& record) { return record.level() > 0; }

}  // namespace

Clock first_clock(const v1::Recipient& r) {
  if (r.receive_by_us() > 0) return {v1::DUE_CLOCK_RECEIVE, r.receive_by_us(), 1};
  if (r.acknowledge_by_us() > 0) return {v1::DUE_CLOCK_ACKNOWLEDGE, r.acknowledge_by_us(), 1};
  return {};
}

Clock clock_of(const Delivery& delivery) {
  const auto& record = delivery.record;
  if (!says(record)) return first_clock(delivery.recipient);
  return {record.clock(), record.clock_us(), static_cast<uint8_t>(record.level())};
}

void set_clock(Turn& turn, Delivery& delivery, const Clock& clock) {
  const Clock before = clock_of(delivery);
  if (before.runs()) store::remove_due(turn.journal, row_of(delivery.recipient, before));
  if (clock.runs()) store::add_due(turn.journal, row_of(delivery.recipient, clock));
  delivery.record.set_clock(clock.which);
  delivery.record.set_clock_us(clock.due_us);
  delivery.record.set_level(clock.level);
}

void start_clock(Turn& turn, const v1::Recipient& recipient) {
  const Clock clock = first_clock(recipient);
  if (clock.runs()) store::add_due(turn.journal, row_of(recipient, clock));
}

void suspend_clock(Turn& turn, Delivery& delivery) {
  const Clock before = clock_of(delivery);
  if (!before.runs()) return;
  store::remove_due(turn.journal, row_of(delivery.recipient, before));
  delivery.record.set_clock(v1::DUE_CLOCK_UNSPECIFIED);
  delivery.record.set_clock_us(before.due_us);
  delivery.record.set_level(before.level);
}

void resume_clock(Turn& turn, Delivery& delivery, v1::DueClock which) {
  const auto& record = delivery.record;
  if (record.clock_us() == 0 || clock_of(delivery).runs()) return;
  if (record.corrected() == v1::CORRECTION_NATURE_VOID) return;  // it has no clock any more
  set_clock(turn, delivery, {which, record.clock_us(), static_cast<uint8_t>(record.level())});
}

Time deadline(const Directory& directory, const v1::Team& team, Time at, Duration within,
              v1::ClockKind clock) {
  return clock == v1::CLOCK_KIND_WORKING ? directory.staffing(team).add(at, within) : at + within;
}

const v1::PolicyRow* policy_row_of(Turn& turn, const v1::Recipient& recipient) {
  if (recipient.policy_row().empty()) return nullptr;
  return find_row(turn.policies.at(turn.journal, turn.directory, recipient.policy_version()),
                  recipient.policy_row());
}

void clock_after(Turn& turn, Delivery& delivery, v1::DeliveryState state) {
  if (state < v1::DELIVERY_STATE_ACKNOWLEDGED) return;
  const Duration within{delivery.recipient.action_by_us()};
  const bool asks = within.us > 0 && delivery.attention() == v1::ATTENTION_ACT;
  if (state > v1::DELIVERY_STATE_ACKNOWLEDGED || !asks || delivery.team == nullptr) {
    return stop_clock(turn, delivery);
  }
  const auto* row = policy_row_of(turn, delivery.recipient);
  const auto kind = row == nullptr ? v1::CLOCK_KIND_ELAPSED : row->clock();
  const Time by = deadline(turn.directory, *delivery.team, turn.now, within, kind);
  delivery.record.set_action_by_us(by.us);
  set_clock(turn, delivery, {v1::DUE_CLOCK_ACTION, by.us, 1});
}

bool is_clock(const Delivery& delivery, const store::Due& due) {
  const Clock clock = clock_of(delivery);
  return clock.runs() && clock.due_us == due.at_us && clock.level == due.level;
}

}  // namespace switchboard::core
