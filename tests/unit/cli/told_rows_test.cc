#include "services/cli/told_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void add(ToldRows& rows, const std::string& team, const std::string& day, uint32_t hour,
         uint64_t act) {
  v1::ToldRow& row = *rows.Add();
  row.set_team(team);
  row.set_day(day);
  row.set_hour(hour);
  row.set_act(act);
  row.set_see(1);
}

TEST(ToldRows, RepliesAreAddedUpInOrder) {
  ToldRows rows;
  add(rows, "X99-HV", "2026-03-02", 9, 2);
  add(rows, "X26-ED", "2026-03-02", 9, 1);
  add(rows, "X99-HV", "2026-03-02", 9, 3);
  add(rows, "X99-HV", "2026-03-02", 8, 1);
  EXPECT_EQ(told_table(added_up(rows), Hours::kShown).text({}),
            "TEAM    DAY         HOUR   ACT  SEE  FILE\n"
            "X26-ED  2026-03-02  09:00    1    1     0\n"
            "X99-HV  2026-03-02  08:00    1    1     0\n"
            "X99-HV  2026-03-02  09:00    5    2     0\n");
}

TEST(ToldRows, ADayIsHeldAgainstWhatTheTeamStates) {
  ToldRows rows;
  add(rows, "X99-HV", "2026-03-02", 8, 6);
  add(rows, "X99-HV", "2026-03-02", 9, 5);
  add(rows, "X99-HV", "2026-03-03", 9, 10);
  add(rows, "X26-ED", "2026-03-02", 9, 500);
  google::protobuf::Map<std::string, uint32_t> most;
  most["X99-HV"] = 10;
  EXPECT_THAT(above_capacity(rows, most),
              ElementsAre("X99-HV would have had 11 to act on, on 2026-03-02, and says it can pick "
                          "up 10 a day"));
  most.clear();
  EXPECT_THAT(above_capacity(rows, most), IsEmpty()) << "a team that states nothing";
}

}  // namespace
}  // namespace switchboard::cli
