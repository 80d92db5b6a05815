// "Who was told, when, why, and who picked it up", as text for people.
//
// Pure. Names no child: a journey carries none.
#pragma once

#include <string>

#include "broker/base/time.h"
#include "services/cli/table.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::cli {

// `now` is for what is still open: "due in 12 min", "overdue by 4 min".
std::string render_journey(const v1::Journey& journey, Time now, const Table::Style& style);

}  // namespace switchboard::cli
