// Nudges as operators see them: the list, and how many wait and for how long.
//
// Never an address: it may be somebody's own. Pure reads, bounded (P11). Thread: any.
#pragma once

#include "broker/server/pages.h"

namespace switchboard::server {

// Those that wait first, then the newest.
Result<v1::NudgeRows> nudge_list(const View& view, const v1::NudgeList& wanted);

struct NudgeBacklog {
  uint64_t waiting = 0;  // at most limits::kNudgesLookedAtMax are counted
  int64_t oldest_us = 0;
};
Result<NudgeBacklog> nudge_backlog(const store::Reads& reads);

}  // namespace switchboard::server
