// Who would have been told, in numbers: rows of several replies put together, as a table, and held
// against what teams say they can pick up. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/cli/table.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::cli {

using ToldRows = google::protobuf::RepeatedPtrField<v1::ToldRow>;

// Rows of the same team, day and hour are added up; in order of team, day, hour.
ToldRows added_up(const ToldRows& rows);
enum class Hours { kShown, kLeftOut };
Table told_table(const ToldRows& rows, Hours hours);
// One sentence for each team and day with more to act on than the team says it can pick up.
std::vector<std::string> above_capacity(const ToldRows& rows,
                                        const google::protobuf::Map<std::string, uint32_t>& most);

}  // namespace switchboard::cli
