#include "broker/base/london.h"

#include <date/tz.h>
#include <gtest/gtest.h>

namespace switchboard {
namespace {

Time at(const char* rfc3339) { return *from_rfc3339(rfc3339); }
Day on(const char* iso) { return *day_from_iso(iso); }

TEST(London, SummerTimeBeginsAndEndsAtOneUtcOnTheLastSunday) {
  EXPECT_EQ(to_london(at("2026-03-29T00:59:59Z")), (Civil{on("2026-03-29"), 3599, false}));
  EXPECT_EQ(to_london(at("2026-03-29T01:00:00Z")), (Civil{on("2026-03-29"), 7200, true}));
  EXPECT_EQ(to_london(at("2026-10-25T00:59:59Z")), (Civil{on("2026-10-25"), 7199, true}));
  EXPECT_EQ(to_london(at("2026-10-25T01:00:00Z")), (Civil{on("2026-10-25"), 3600, false}));
}
TEST(London, AReadingThatHappensTwiceIsTheFirst) {
  EXPECT_EQ(from_london(on("2026-10-25"), 5400), at("2026-10-25T00:30:00Z"));
  EXPECT_EQ(from_london(on("2026-10-25"), 7200), at("2026-10-25T02:00:00Z"));
}
TEST(London, AReadingThatNeverHappensIsTheMomentOfTheChange) {
  EXPECT_EQ(from_london(on("2026-03-29"), 5400), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(from_london(on("2026-03-29"), 7200), at("2026-03-29T01:00:00Z"));
}
TEST(London, TheEndOfADayIsTheStartOfTheNext) {
  EXPECT_EQ(from_london(on("2026-06-30"), 86400), from_london(on("2026-07-01"), 0));
}
TEST(London, AgreesWithTheTimeZoneDatabaseHourByHour) {
  using std::chrono::seconds;
  const auto* zone = date::locate_zone("Europe/London");
  for (int64_t s = at("2020-01-01T00:00:00Z").us / 1'000'000;
       s < at("2036-01-01T00:00:00Z").us / 1'000'000; s += 3'600) {
    const auto local = zone->to_local(date::sys_seconds{seconds{s}}).time_since_epoch().count();
    const Civil civil = to_london({s * 1'000'000});
    ASSERT_EQ(int64_t{civil.day.days} * 86'400 + civil.second, local) << s;
    const Time back = from_london(civil.day, civil.second);
    const int64_t behind = s * 1'000'000 - back.us;
    ASSERT_TRUE(behind == 0 || behind == 3'600'000'000) << s;  // the repeated hour
  }
}
TEST(London, DatesAreRealOrNothing) {
  EXPECT_EQ(to_iso(on("2024-02-29")), "2024-02-29");
  EXPECT_EQ(to_iso(on("1969-12-31")), "1969-12-31");
  for (const char* bad : {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-10", "20260110", "",
                          "2026-01-1x", "+026-01-10"}) {
    EXPECT_FALSE(day_from_iso(bad)) << bad;
  }
}
TEST(London, WeekdaysFollowTheCalendar) {
  EXPECT_EQ(weekday(on("2026-11-22")), Weekday::kSunday);
  EXPECT_EQ(weekday(on("1970-01-01")), Weekday::kThursday);
  EXPECT_EQ(weekday(on("1969-12-29")), Weekday::kMonday);
}
TEST(London, TimesOfDayAreReadAndWritten) {
  EXPECT_EQ(seconds_from_clock("09:30"), 34'200);
  EXPECT_EQ(seconds_from_clock("24:00"), 86'400);
  EXPECT_EQ(to_clock(34'200), "09:30");
  for (const char* bad : {"24:01", "25:00", "9:30", "09:60", "0930", "", "ab:cd"}) {
    EXPECT_FALSE(seconds_from_clock(bad)) << bad;
  }
}
TEST(London, WordsAreWhatPeopleRead) {
  EXPECT_EQ(london_words(at("2026-10-25T00:30:00Z")), "25 October 2026 01:30");
}

}  // namespace
}  // namespace switchboard
