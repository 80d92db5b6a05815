// Corrections (P7): all who got the original learn that it is void, superseded or not about this
// child. New content goes only where today's routes allow. Thread: the loop.
#pragma once

#include <vector>

#include "broker/core/original.h"
#include "broker/core/route.h"
#include "broker/core/turn.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

// Recipients of the correction: everyone who got the original, and, where new content supersedes
// the old, whom today's routes name. Those without a route of today get a pointer only.
std::vector<v1::Recipient> correction_recipients(Turn& turn, const Original& original,
                                                 const v1::EventHeader& header,
                                                 const std::vector<Match>& today);
// Marks the deliveries of the original, and of the correction that had its newest content, tells
// their teams, and stops the clocks of voided ones: the correction has a clock of its own.
void mark_corrected(Turn& turn, const Original& original, v1::CorrectionNature nature,
                    uint64_t correcting_position);

// One on trial takes no effect on anything live: only what the trial said knows of it.
void note_trial_correction(Turn& turn, const Original& original, uint64_t correcting_position);

// P7: teams that were told of an event after it was corrected (by the recipients added at `adding`)
// learn of its last correction as well.
void correct_newcomers(Turn& turn, uint64_t event_position, uint64_t adding);

// A correction whose original has not come: kept in a visible queue, until the deadline returned.
Time hold_correction(Turn& turn, const v1::EventHeader& header, uint64_t position);
// One that has taken effect, or says again what was said, and may mean an event that is still on
// its way: it takes effect on one that comes later and that its source said before it.
void wait_in_silence(Turn& turn, const v1::EventHeader& header, uint64_t position);
// Called when an event is accepted: corrections that waited for it now take effect.
void release_corrections(Turn& turn, const v1::EventRecord& original, uint64_t position);

}  // namespace switchboard::core
