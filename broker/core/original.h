// Which event a correction means, by id or by (thread, kind).
//
// Only events of the correcting agency and environment are found (P9). What a source on trial said
// and what is live are kept apart as far as there is a choice. Of a thread the newest event counts
// that was not said after the correction: a correction cannot mean what its source said later.
// Thread: the loop.
#pragma once

#include <optional>

#include "broker/core/turn.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

struct Original {
  uint64_t position = 0;
  v1::EventRecord record;
};

// Nothing if it has not come yet.
std::optional<Original> find_original(Turn& turn, const v1::EventHeader& header);
// Of one agency and environment: a test message never touches a live alert, nor the other way
// round.
bool same_world(const v1::EventRecord& record, const v1::EventHeader& header);
// Was the event said after the correction, or before it, for certain? By their source's own clock.
bool said_after(const v1::EventRecord& record, const v1::EventHeader& correction);
bool said_before(const v1::EventRecord& record, const v1::EventHeader& correction);

// The last correction that took effect on it, of the same trial or live; nothing if there is none.
std::optional<Original> last_correction(Turn& turn, const Original& original, bool shadow);
// Is it void, or about another child, already by that correction? Saying so again is nothing new.
bool is_corrected_so(Turn& turn, const Original& original, const v1::EventHeader& header);

}  // namespace switchboard::core
