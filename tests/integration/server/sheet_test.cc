// The sheet of numbers over the real broker: a team reads its own view, everybody the public list,
// and who tried or found a number wrong is seen by all.
#include <gtest/gtest.h>

#include "broker/base/london.h"
#include "tests/support/hub_world.h"
#include "tests/support/raw_client.h"

namespace switchboard::test {
namespace {

v1::ClientFrame read_sheet(const std::string& team, int64_t at_us = 0) {
  v1::ClientFrame frame;
  frame.mutable_read()->mutable_sheet()->set_team(team);
  frame.mutable_read()->mutable_sheet()->set_at_us(at_us);
  return frame;
}
v1::DirectoryEntry entry_of(const v1::DirectorySheet& sheet, const std::string& team) {
  for (const auto& entry : sheet.entries()) {
    if (entry.team() == team) return entry;
  }
  return {};
}
// Teams for tests are nobody to ring: here they are real.
v1::Directory live(v1::Directory d) {
  for (auto& team : *d.mutable_teams()) team.set_environment(v1::ENVIRONMENT_LIVE);
  return d;
}
// X99-HV: staffed by day, with rosa on duty all week.
v1::Directory staffed(v1::Directory d) {
  for (auto& team : *d.mutable_teams()) {
    if (team.id() != "X99-HV") continue;
    v1::Hours& hours = *team.add_hours();
    for (int day = 1; day <= 7; ++day) hours.add_days(static_cast<v1::Weekday>(day));
    hours.set_from("09:00");
    hours.set_to("17:00");
    team.mutable_out_of_hours()->set_phone("01632 960999");
  }
  v1::Rota& rota = *d.add_rotas();
  rota.set_id("X99-HV");
  v1::RotaSlot& slot = *rota.add_week();
  *slot.mutable_days() = d.teams(3).hours(0).days();
  slot.set_from("00:00");
  slot.set_to("24:00");
  slot.set_person("rosa");
  return d;
}

TEST(HubSheet, ATeamReadsItsOwnViewAndEverybodyThePublicListWithoutPersons) {
  HubWorld world;
  ASSERT_TRUE(world.apply(staffed(live(world.directory()))).ok());
  RawClient screen(world.context, world.dial("x99-screen"));
  ASSERT_TRUE(screen.hello().has_welcome());
  const int64_t night = time_from_words("2026-11-24 23:00")->us;
  const auto own = screen.ask(read_sheet("X99-HV", night)).page();
  ASSERT_EQ(own.code(), v1::CODE_OK) << own.text();
  EXPECT_EQ(own.sheet().at_us(), night);
  EXPECT_EQ(entry_of(own.sheet(), "X99-HV").ring_now().phone(), "01632 960999");
  EXPECT_FALSE(entry_of(own.sheet(), "X99-HV").on_duty().empty());
  EXPECT_EQ(screen.ask(read_sheet("X26-MID")).page().code(), v1::CODE_NOT_ALLOWED);

  RawClient publisher(world.context, world.dial("x26-pas"));
  ASSERT_TRUE(publisher.hello().has_welcome());
  const auto all = publisher.ask(read_sheet("")).page();
  ASSERT_EQ(all.code(), v1::CODE_OK) << all.text();
  EXPECT_FALSE(entry_of(all.sheet(), "X99-HV").ring_now().phone().empty());
  EXPECT_TRUE(entry_of(all.sheet(), "X99-HV").on_duty().empty());
}

TEST(HubSheet, AnOperatorMaySayThatNumbersWereTriedAndNothingElse) {
  HubWorld world;
  ASSERT_TRUE(world.apply(live(world.directory())).ok());
  v1::AdminRequest rows;
  rows.mutable_directory()->set_teams(true);
  const auto teams = world.ask(rows, "operator").value().directory().teams();
  v1::Directory tried;
  for (const auto& team : teams) {
    if (team.id() == "X99-HV") *tried.add_teams() = team;
  }
  tried.mutable_teams(0)->set_last_verified(to_string(london_day(Time{world.status().now_us()})));
  v1::AdminRequest sheet;
  sheet.mutable_sheet();
  EXPECT_TRUE(entry_of(world.ask(sheet, "operator").value().sheet(), "X99-HV").stale());
  ASSERT_TRUE(world.apply(tried, "operator").ok());
  EXPECT_FALSE(entry_of(world.ask(sheet, "operator").value().sheet(), "X99-HV").stale());
  tried.mutable_teams(0)->mutable_office()->set_phone("01632 960998");
  EXPECT_EQ(world.apply(tried, "operator").error().code, v1::CODE_NOT_ALLOWED);
}

}  // namespace
}  // namespace switchboard::test
