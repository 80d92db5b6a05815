// An event written by a person: a TOML file of v1.Event. Completing, checking and cutting it into
// an item is the SDK's (authored_event.h).
//
// Ids are written as UUIDs, times as RFC 3339 in a `raw` field. Pure; problems quote no value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/authored_event.h"
#include "broker/base/ids.h"
#include "broker/base/result.h"
#include "broker/base/time.h"
#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::cli {

using sdk::add_nhs_number;
using sdk::complete_event;
using sdk::EventDefaults;
using sdk::missing_fields;
using sdk::to_item;

// CODE_INVALID with every problem, one a line.
Result<v1::Event> read_event(std::string_view text, std::string_view file);

}  // namespace switchboard::cli
