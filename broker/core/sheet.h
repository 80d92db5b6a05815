// The directory as people need it: a dated sheet with the number right at that moment.
//
// Pure. A team's own sheet names who is on duty; the public list names nobody and holds no personal
// data. Ordered by agency, then name. Thread: any.
#pragma once

#include "broker/core/directory.h"

namespace switchboard::core {

enum class SheetFor { kTeam, kPublic };
v1::DirectoryEntry sheet_entry(const Directory& directory, const v1::Team& team, SheetFor whom,
                               Time at);
v1::DirectorySheet directory_sheet(const Directory& directory, SheetFor whom, Time at);

}  // namespace switchboard::core
