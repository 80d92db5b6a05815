// What a person's act is about: a delivery of the team, or an event that the team itself sent.
//
// By the event the person saw, which stands also after a lost tail gave its number to another; else
// by the number. Thread: the loop.
#pragma once

#include "broker/core/delivery.h"

namespace switchboard::core {

struct About {
  uint64_t event_position = 0;
  v1::EventRecord event;
  std::optional<Delivery> delivery;  // nothing: the team is its sender and was not told itself
};
std::optional<About> find_about(Turn& turn, const v1::Team& team, const v1::Act& act);

}  // namespace switchboard::core
