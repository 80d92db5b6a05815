// Which teams have something open on a child, by what they were told and have not ended.
//
// Bounded: the newest events of the child, so many teams. Reads what the turn wrote, too. Thread:
// the loop.
#pragma once

#include <vector>

#include "broker/core/turn.h"

namespace switchboard::core {

struct Involved {
  const v1::Team* team = nullptr;
  uint64_t number = 0;  // of its newest delivery about the child
  bool open = false;    // one of its own deliveries waits for a person
};
// Teams told of any event of the child on which somebody still has something open, each once, in
// the order of their ids. `but`: an event that does not count; 0: none.
std::vector<Involved> involved(Turn& turn, std::string_view subject, uint64_t but);
// May the team be told of this event as the sender and the matrix say (P9), and is it of the same
// environment? What it is asked then names no more than what it may see.
bool may_hear_of(const Turn& turn, const v1::Team& team, const v1::EventRecord& event);

}  // namespace switchboard::core
