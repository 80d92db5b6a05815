// Corrections (P7): all who got the original learn that it is void, superseded or not about this
// child. New content goes only where today's routes allow. Thread: the loop.
#pragma once

#include <optional>
#include <vector>

#include "broker/core/route.h"
#include "broker/core/turn.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

struct Original {
  uint64_t position = 0;
  v1::EventRecord record;
};
// The event a correction names, by id or by (thread, kind); nothing if it has not come yet. Only
// events of the correcting agency are found (P9).
std::optional<Original> find_original(Turn& turn, const v1::EventHeader& header);

// Recipients of the correction: everyone who got the original, and, where new content supersedes
// the old, whom today's routes name. Those without a route of today get a pointer only.
std::vector<v1::Recipient> correction_recipients(Turn& turn, const Original& original,
                                                 const v1::EventHeader& header,
                                                 const std::vector<Match>& today);
// Marks the original's deliveries, tells their teams, and stops the clocks of voided ones: the
// correction has a clock of its own.
void mark_corrected(Turn& turn, const Original& original, v1::CorrectionNature nature,
                    uint64_t correcting_position);

// A correction whose original has not come: kept in a visible queue, with a deadline.
void hold_correction(Turn& turn, const v1::EventHeader& header, uint64_t position);
// Called when an event is accepted: corrections that waited for it now take effect.
void release_corrections(Turn& turn, const v1::EventRecord& original, uint64_t position);

}  // namespace switchboard::core
