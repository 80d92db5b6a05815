// What scripts apply to the directory in force: hours, who stands in, groups, rows of the policy.
// Each gives the rows to apply; what the small world has besides stays as it is.
#pragma once

#include "broker/core/directory.h"
#include "tests/scenario/script.h"

namespace switchboard::scenario {

// apply hours=TEAM days=mon-fri from=09:00 to=17:00 | apply stand-in=TEAM deputy= spoc= edt=
// apply holiday=DATE | apply group=NAME teams=A,B | apply keyless=TEAM | apply phone=TEAM
// apply row=ID … | apply storm=N | apply area, caseload: as in README.txt
v1::Directory rows_of(const core::Directory& in_force, const Command& command);

}  // namespace switchboard::scenario
