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

bool is_clock(const Delivery& delivery, const store::Due& due) {
  const Clock clock = clock_of(delivery);
  return clock.runs() && clock.due_us == due.at_us && clock.level == due.level;
}

}  // namespace switchboard::core
