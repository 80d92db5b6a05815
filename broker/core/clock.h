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
// Is this due row the clock that runs? Rows of clocks that were stopped elsewhere are not.
bool is_clock(const Delivery& delivery, const store::Due& due);

}  // namespace switchboard::core
