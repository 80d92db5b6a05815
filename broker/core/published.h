// An event as its publisher said it, for decisions that come later than its acceptance: whom
// today's routes name for it.
//
// Reads sealed sections; keeps nothing. Fails: an event that was erased names nobody. Thread: the
// loop.
#pragma once

#include <optional>
#include <vector>

#include "broker/core/route.h"
#include "broker/core/turn.h"

namespace switchboard::core {

struct Published {
  v1::EventHeader header;
  v1::Identity identity;
  v1::Location location;
};
// Nothing if it was erased. One of this very turn is still in its frame: payloads are not read back
// before the commit.
std::optional<Published> read_published(Turn& turn, uint64_t position);
// By the directory and the caseloads as they are now.
std::vector<Match> routes_of_today(Turn& turn, const Published& event);

}  // namespace switchboard::core
