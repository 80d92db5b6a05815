// Nudges handed out to the program that sends them, and what it tells of them.
//
// Owns: hand-outs (each once within its hold), retries with back-off, and giving up: a nudge that
// was tried too often, or that nobody takes, has failed, which is an escalation of its own: the
// team's next in line and the sender learn that it cannot be reached, once for ever per event and
// team. Not here: making nudges (nudge.h). Thread: the loop.
#pragma once

#include <vector>

#include "broker/core/turn.h"
#include "switchboard/v1/admin.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::core {

enum class NudgeReader {
  kGoesOn,
  kAnew,  // its first hand-out in a session: it holds nothing, so all that waits is to be had
};
// The most urgent first, then the oldest; at most `limit` (0: as many as a page holds).
std::vector<v1::NudgeJob> take_nudges(Turn& turn, const v1::PrincipalRow& who, uint32_t limit,
                                      NudgeReader reader);
// SENT ends it, WAITING asks for another try, FAILED gives it up. Of one that waits no more, or is
// not there, nothing: the program says everything until it is answered.
void nudge_reported(Turn& turn, const v1::PrincipalRow& who, const v1::NudgeReport& report);
// Nobody has taken them, or said anything of them, for so long that they have failed: the oldest
// from `from_us` on, at most `limit`. Returns how many.
size_t give_up_untaken(Turn& turn, int64_t from_us, size_t limit);

// The escalation that a nudge about this event did not reach the team; one for ever.
Id unreachable_id(std::string_view event_id, std::string_view team);

}  // namespace switchboard::core
