// Taps outside the hub (mail, webhook): owed in the commit of what they are about, sent by the
// nudge program, their state told back (nudge_reports.h).
//
// Owns: who is nudged when, and that one incident is one tap: what comes before anybody has taken
// the nudge to an address rides with it. A nudge's id is made from event, team, reason and address,
// never from a position, so a repeat after a restore is the same nudge. A test event nudges test
// teams only. Not here: the text (nudge_text.h). Thread: the loop.
#pragma once

#include <vector>

#include "broker/core/delivery.h"
#include "broker/core/turn.h"

namespace switchboard::core {

enum class NudgeReason : uint8_t {  // part of ids
  kOutOfHours = 1,                  // something to act on came while nobody is there
  kOverdue = 2,                     // a deadline passed
  kUnreachable = 3                  // another team's nudge failed
};
struct NudgeAbout {
  const v1::EventRecord& event;
  uint64_t event_position = 0;
  uint64_t number = 0;  // of the team's delivery; 0: it has none, e.g. the sender
  NudgeReason reason = NudgeReason::kOutOfHours;
  uint32_t level = 0;
};
// Every address of the team that applies at this moment.
void nudge(Turn& turn, const v1::Team& team, const NudgeAbout& about);

// If it asks for an act and its team is not there.
void nudge_out_of_hours(Turn& turn, const v1::EventRecord& event, uint64_t event_position,
                        const v1::Recipient& recipient);
// The same for recipients that were added to a stored event.
void nudge_added(Turn& turn, uint64_t event_position, const v1::AddedRecipients& added);
// A level was reached: these were told, the late team among them. Null and twice is once.
void nudge_overdue(Turn& turn, const Delivery& late, uint32_t level,
                   const std::vector<const v1::Team*>& told);

// The delivery's newest nudge is in this state.
void set_nudge_state(Turn& turn, uint64_t event_position, store::TeamHandle team, uint64_t number,
                     v1::NudgeState state);

}  // namespace switchboard::core
