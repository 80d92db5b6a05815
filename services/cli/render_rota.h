// Who is on duty: now, for every team; and the week of one rota with its overrides. Pure.
#pragma once

#include "services/cli/table.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::cli {

Table duty_table(const v1::DirectorySheet& sheet);
// Names come from `people`, where they are enrolled; a slot a line, overrides after the week.
Table rota_table(const v1::Rota& rota, const v1::Directory& people);

}  // namespace switchboard::cli
