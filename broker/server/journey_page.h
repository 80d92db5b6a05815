// What of an event's journey one asker may know (P9).
//
// Its sender's agency: all of it. A team that was told: its own part whole; of the others, who they
// are, how far they are and who has it, so that nobody waits for somebody else - but neither why
// they were told nor what people wrote, and nothing where the event itself is not shown to it or
// its sender has limited who may have it (adr/0037). Anybody else: the same answer as for an event
// that does not exist. Thread: the reader.
#pragma once

#include <string>
#include <vector>

#include "broker/server/pages.h"

namespace switchboard::server {

// CODE_NOT_FOUND: no such event, or none of the asker's.
Result<v1::Journey> journey_for(const View& view, const std::string& agency,
                                const std::vector<std::string>& teams, const std::string& event_id);

}  // namespace switchboard::server
