// An entry of a team's log as a browser gets it: the hub's notice, and what was disclosed, decoded.
//
// Adds nothing and decides nothing: what the hub did not send is not there (P9). Pure. Thread: any.
#pragma once

#include "broker/base/result.h"
#include "switchboard/v1/screen.pb.h"

namespace switchboard::gateway {

// A section that cannot be decoded is left out: the notice still says that something is there and
// whom to ring (P4).
v1::Alert to_alert(const v1::Entry& entry);

// "01935c5e-…": the form in which people quote an event; empty for what is no id.
std::string reference(std::string_view event_id);

}  // namespace switchboard::gateway
