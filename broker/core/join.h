// A child comes to a team: the team is brought what there is of it and may be known to it (P3).
//
// What is open for anybody, and what was accepted in the last policy.join_days, as *see*, each once
// and with no clock; the newest so many, oldest first. What disclose() withholds today, what the
// sender's audience leaves out, what another environment said, and what is void or about another
// child stays where it is. Thread: the loop.
#pragma once

#include "broker/core/turn.h"
#include "broker/store/member_rows.h"

namespace switchboard::core {

struct Joined {
  size_t brought = 0;
  size_t left = 0;  // would have been brought but for the bound: said in the audit entry
};
Joined join(Turn& turn, const store::Joining& joining);

// Joins that could not be done in the commit that asked for them: as many as a turn has room for.
void join_queued(Turn& turn);
// Now if this commit has room for it, else in a later turn.
Joined join_or_queue(Turn& turn, const store::Joining& joining);
// An NHS number was found to be that of a subject known before: what there is of it is news to the
// teams that have the number on a list.
void queue_joins(Turn& turn, std::string_view number_hash);

}  // namespace switchboard::core
