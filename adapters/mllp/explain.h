// What `switchboard-mllp --check-mapping FILE sample.hl7` prints: the event a message would make,
// and for each value the field or setting it comes from.
//
// Values that name a person are masked unless asked for: the output gets pasted into tickets.
// Thread: any. Fails: never.
#pragma once

#include <string>

#include "adapters/mllp/map_message.h"

namespace switchboard::mllp {

enum class ShowIdentity { kMasked, kShown };

std::string explain(std::string_view raw, const Mapping& mapping, const ListenerIdentity& listener,
                    Time received, ShowIdentity show);

}  // namespace switchboard::mllp
