// Whom a level of an escalation tells, found when it rings.
//
// A place that is not filled, or may not be told, falls to the next: deputy, single point of
// contact, emergency duty team (where the late team is not staffed), safety net. Never outside the
// event's environment and its sender's audience, never a team that refused it, never one that is
// closed. Thread: the loop.
#pragma once

#include <vector>

#include "broker/core/delivery.h"

namespace switchboard::core {

// A deadline that passed.
struct Passed {
  v1::DueClock clock = v1::DUE_CLOCK_UNSPECIFIED;
  uint8_t level = 1;
  Time due;
  bool unavoidable = false;  // nobody could have met it: deadline.h
};

struct Call {
  const v1::Team* caller = nullptr;
  const v1::Team* ring = nullptr;
};
struct Targets {
  std::vector<const v1::Team*> teams;  // in their inboxes; each once, the sender's last
  const v1::Team* sender = nullptr;    // in its sent log as well
  std::vector<Call> calls;             // who is to ring whom
};
Targets targets_of(Turn& turn, const Delivery& late, const Passed& passed);

}  // namespace switchboard::core
