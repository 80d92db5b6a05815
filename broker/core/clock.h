// The one clock of a delivery that runs, and the due row it stands in (P8).
//
// A delivery has at most one: to be received, to be acknowledged (level after level), to be
// actioned. Which one and until when is the recipient's as accepted while the record says nothing,
// and the record's from then on: so a delivery that nobody touched costs no row of its own. Thread:
// the loop.
#pragma once

#include "broker/core/delivery.h"

namespace switchboard::core {

struct Clock {
  v1::DueClock which = v1::DUE_CLOCK_UNSPECIFIED;  // none runs
  int64_t due_us = 0;
  uint8_t level = 1;  // that it will reach
  bool runs() const { return which != v1::DUE_CLOCK_UNSPECIFIED; }
};

// What runs now.
Clock clock_of(const Delivery& delivery);
// With what a recipient starts: receive if it has that deadline, else acknowledge, else nothing.
Clock first_clock(const v1::Recipient& recipient);
// Stops what runs and starts this one; `none` for nothing. The record is changed, not saved.
void set_clock(Turn& turn, Delivery& delivery, const Clock& clock);
inline void stop_clock(Turn& turn, Delivery& delivery) { set_clock(turn, delivery, {}); }
// Of a delivery that was told in this turn: its record does not exist yet.
void start_clock(Turn& turn, const v1::Recipient& recipient);
// Somebody else has it: nothing runs, and the record keeps what ran until resume_clock().
void suspend_clock(Turn& turn, Delivery& delivery);
// `which` ran when it was suspended; its deadline is the original one and may have passed.
void resume_clock(Turn& turn, Delivery& delivery, v1::DueClock which);
// What runs after a person has brought the delivery to this state: after the acknowledgement the
// time to do something, if policy gives one.
void clock_after(Turn& turn, Delivery& delivery, v1::DeliveryState state);

// `within` after `at`, in the team's staffed hours only where the clock says so.
Time deadline(const Directory& directory, const v1::Team& team, Time at, Duration within,
              v1::ClockKind clock);
// The row a delivery was told by, of the version it was told under; null: none. Good until the next
// call.
const v1::PolicyRow* policy_row_of(Turn& turn, const v1::Recipient& recipient);
// Is this due row the clock that runs? Rows of clocks that were stopped elsewhere are not.
bool is_clock(const Delivery& delivery, const store::Due& due);

}  // namespace switchboard::core
