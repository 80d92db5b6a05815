#include "services/cli/told_rows.h"

#include <cstdio>
#include <tuple>

#include "services/cli/words.h"

namespace switchboard::cli {

ToldRows added_up(const ToldRows& rows) {
  std::map<std::tuple<std::string, std::string, uint32_t>, v1::ToldRow> sums;
  for (const auto& row : rows) {
    v1::ToldRow& sum = sums[{row.team(), row.day(), row.hour()}];
    sum.set_team(row.team());
    sum.set_day(row.day());
    sum.set_hour(row.hour());
    sum.set_act(sum.act() + row.act());
    sum.set_see(sum.see() + row.see());
    sum.set_file(sum.file() + row.file());
  }
  ToldRows all;
  for (auto& [key, row] : sums) *all.Add() = std::move(row);
  return all;
}

Table told_table(const ToldRows& rows, Hours hours) {
  const auto right = Table::Align::kRight;
  Table table({"TEAM", "DAY", "HOUR", {"ACT", right}, {"SEE", right}, {"FILE", right}});
  for (const auto& row : rows) {
    char hour[16] = "";
    if (hours == Hours::kShown) std::snprintf(hour, sizeof hour, "%02u:00", row.hour());
    table.add({row.team(), row.day(), hour, std::to_string(row.act()), std::to_string(row.see()),
               std::to_string(row.file())});
  }
  return table;
}

std::vector<std::string> above_capacity(const ToldRows& rows,
                                        const google::protobuf::Map<std::string, uint32_t>& most) {
  std::map<std::pair<std::string, std::string>, uint64_t> act;
  for (const auto& row : rows) act[{row.team(), row.day()}] += row.act();
  std::vector<std::string> warnings;
  for (const auto& [key, n] : act) {
    const auto stated = most.find(key.first);
    if (stated == most.end() || n <= stated->second) continue;
    warnings.push_back(key.first + " would have had " + std::to_string(n) + " to act on, on " +
                       key.second + ", and says it can pick up " + std::to_string(stated->second) +
                       " a day");
  }
  return warnings;
}

}  // namespace switchboard::cli
