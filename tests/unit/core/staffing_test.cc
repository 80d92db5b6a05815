#include "broker/core/staffing.h"

#include <gtest/gtest.h>

namespace switchboard::core {
namespace {

Time at(const char* rfc3339) { return *from_rfc3339(rfc3339); }
Duration hours(int n) { return seconds(n * 3600); }

v1::Hours row(int first, int last, const char* from, const char* to) {
  v1::Hours h;
  for (int day = first; day <= last; ++day) h.add_days(static_cast<v1::Weekday>(day));
  h.set_from(from);
  h.set_to(to);
  return h;
}
v1::Team office_hours() {
  v1::Team team;
  *team.add_hours() = row(v1::WEEKDAY_MONDAY, v1::WEEKDAY_FRIDAY, "09:00", "17:00");
  return team;
}
v1::Calendar england() {
  v1::Calendar calendar;
  for (const char* date : {"2026-12-25", "2026-12-28", "2027-01-01"}) {
    calendar.add_days()->set_date(date);
  }
  return calendar;
}

TEST(Staffing, ATeamThatStatesNoHoursIsAlwaysStaffed) {
  const Staffing always(v1::Team{}, nullptr);
  EXPECT_TRUE(always.staffed(at("2026-12-25T03:00:00Z")));
  EXPECT_EQ(always.add(at("2026-12-25T03:00:00Z"), hours(4)), at("2026-12-25T07:00:00Z"));
}
TEST(Staffing, TheClockIsLondonsInSummerToo) {
  const Staffing team(office_hours(), nullptr);
  EXPECT_FALSE(team.staffed(at("2026-07-01T07:59:59Z")));
  EXPECT_TRUE(team.staffed(at("2026-07-01T08:00:00Z")));
  EXPECT_FALSE(team.staffed(at("2026-07-01T16:00:00Z")));  // 17:00 there: the end is outside
  EXPECT_TRUE(team.staffed(at("2026-12-01T16:59:59Z")));
}
TEST(Staffing, WorkingTimeStopsOverTheNightAndTheWeekend) {
  const Staffing team(office_hours(), nullptr);
  EXPECT_EQ(team.add(at("2026-11-20T16:00:00Z"), hours(4)), at("2026-11-23T12:00:00Z"));
  EXPECT_EQ(team.add(at("2026-11-21T12:00:00Z"), hours(8)), at("2026-11-23T17:00:00Z"));
}
TEST(Staffing, BankHolidaysAreNotWorked) {
  const v1::Calendar calendar = england();
  const Staffing team(office_hours(), &calendar);
  EXPECT_FALSE(team.staffed(at("2026-12-25T12:00:00Z")));
  EXPECT_EQ(team.add(at("2026-12-24T16:00:00Z"), hours(2)), at("2026-12-29T10:00:00Z"));
  v1::Team open = office_hours();
  open.mutable_hours(0)->set_also_bank_holidays(true);
  EXPECT_TRUE(Staffing(open, &calendar).staffed(at("2026-12-25T12:00:00Z")));
}
TEST(Staffing, ANightShiftRunsIntoTheNextDay) {
  v1::Team team;
  *team.add_hours() = row(v1::WEEKDAY_FRIDAY, v1::WEEKDAY_FRIDAY, "22:00", "06:00");
  const Staffing night(team, nullptr);
  EXPECT_TRUE(night.staffed(at("2026-11-21T05:59:00Z")));
  EXPECT_FALSE(night.staffed(at("2026-11-21T06:00:00Z")));
  EXPECT_EQ(night.next(at("2026-11-21T06:00:00Z")), at("2026-11-27T22:00:00Z"));
}
TEST(Staffing, AnHourThatTheClocksRepeatIsWorkedTwice) {
  v1::Team team;
  *team.add_hours() = row(v1::WEEKDAY_SUNDAY, v1::WEEKDAY_SUNDAY, "00:00", "04:00");
  const Staffing night(team, nullptr);
  const Time start = at("2026-10-24T23:00:00Z");  // midnight, summer time
  EXPECT_EQ(night.add(start, hours(5)), at("2026-10-25T04:00:00Z"));
  const Time march = at("2026-03-29T00:00:00Z");
  EXPECT_EQ(night.add(march, hours(3)), at("2026-03-29T03:00:00Z"));  // 04:00: only three passed
}
TEST(Staffing, SpansThatOverlapCountOnce) {
  v1::Team team = office_hours();
  *team.add_hours() = row(v1::WEEKDAY_MONDAY, v1::WEEKDAY_MONDAY, "08:00", "12:00");
  *team.add_hours() = row(v1::WEEKDAY_SUNDAY, v1::WEEKDAY_SUNDAY, "20:00", "10:00");
  const Staffing overlapping(team, nullptr);
  EXPECT_EQ(overlapping.add(at("2026-11-22T20:00:00Z"), hours(14)), at("2026-11-23T10:00:00Z"));
  EXPECT_EQ(overlapping.add(at("2026-11-22T20:00:00Z"), hours(21)), at("2026-11-23T17:00:00Z"));
}
TEST(Staffing, ADeadlineOfNothingIsTheFirstStaffedMoment) {
  const Staffing team(office_hours(), nullptr);
  EXPECT_EQ(team.add(at("2026-11-21T12:00:00Z"), {}), at("2026-11-23T09:00:00Z"));
}
TEST(Staffing, HoursThatNeverComeDoNotStopAClock) {
  v1::Team team;
  *team.add_hours() = row(v1::WEEKDAY_MONDAY, v1::WEEKDAY_MONDAY, "01:10", "01:20");
  v1::Calendar calendar;
  for (Day day = *day_from_string("2026-01-01"); day < *day_from_string("2029-01-01");
       day = day + 1) {
    calendar.add_days()->set_date(to_string(day));
  }
  const Staffing never(team, &calendar);
  EXPECT_FALSE(never.next(at("2026-05-01T00:00:00Z")));
  EXPECT_EQ(never.add(at("2026-05-01T00:00:00Z"), hours(4)), at("2026-05-01T04:00:00Z"));
}
TEST(Staffing, HoursThatCannotBeKeptAreNamed) {
  EXPECT_EQ(check_hours(row(1, 5, "09:00", "17:00")), "");
  EXPECT_EQ(check_hours(row(1, 5, "9:00", "17:00")), "hours.from is no time like \"09:00\"");
  EXPECT_EQ(check_hours(row(1, 5, "09:00", "25:00")), "hours.to is no time like \"17:00\"");
  EXPECT_EQ(check_hours(row(1, 0, "09:00", "17:00")), "hours.days names no day");
  EXPECT_EQ(check_hours(row(1, 1, "09:00", "09:00")), "hours.from and hours.to are the same");
}
TEST(Staffing, HoursReadAsPeopleWriteThem) {
  v1::Team team = office_hours();
  *team.add_hours() = row(v1::WEEKDAY_SATURDAY, v1::WEEKDAY_SUNDAY, "10:00", "13:00");
  EXPECT_EQ(hours_in_words(team), "Mon-Fri 09:00-17:00; Sat, Sun 10:00-13:00");
  EXPECT_EQ(hours_in_words({}), "always");
}

}  // namespace
}  // namespace switchboard::core
