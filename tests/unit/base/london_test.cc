#include "broker/base/london.h"

#include <date/tz.h>
#include <gtest/gtest.h>

namespace switchboard {
namespace {

using Micros = std::chrono::microseconds;

Time at(const char* text) { return from_rfc3339(text).value(); }
Day on(const char* text) { return day_from_string(text).value(); }

TEST(London, ADayBeginsAtMidnightOnTheWallAndNotInUtc) {
  EXPECT_EQ(to_string(london_day(at("2026-07-01T22:59:59Z"))), "2026-07-01");
  EXPECT_EQ(to_string(london_day(at("2026-07-01T23:00:00Z"))), "2026-07-02");
  EXPECT_EQ(to_string(london_day(at("2026-12-01T23:59:59Z"))), "2026-12-01");
  EXPECT_EQ(london_hour(at("2026-07-01T23:30:00Z")), 0u);
}

TEST(London, TheDaysOnWhichClocksChangeHave23And25Hours) {
  const auto length = [](const char* text) {
    const Day day = day_from_string(text).value();
    return london_midnight({day.number + 1}) - london_midnight(day);
  };
  EXPECT_EQ(length("2026-03-29"), seconds(23 * 3600));
  EXPECT_EQ(length("2026-10-25"), seconds(25 * 3600));
  EXPECT_EQ(length("2026-10-26"), seconds(24 * 3600));
}

// The zone files know the law; the rule in the code must say the same in every hour of these years.
TEST(London, TheRuleIsThatOfTheZoneFiles) {
  const auto* zone = date::locate_zone("Europe/London");
  const int64_t end = at("2037-01-01T00:00:00Z").us;
  for (Time t = at("1996-01-01T00:30:00Z"); t.us < end; t = t + seconds(3600)) {
    const auto wall = zone->to_local(date::sys_time<Micros>{Micros{t.us}});
    const auto day = date::floor<date::days>(wall);
    ASSERT_EQ(london_day(t).number, day.time_since_epoch().count()) << to_rfc3339(t);
    const auto hour = date::floor<std::chrono::hours>(wall - day).count();
    ASSERT_EQ(london_hour(t), static_cast<uint32_t>(hour)) << to_rfc3339(t);
    ASSERT_LE(london_midnight(london_day(t)), t);
    ASSERT_GT(london_midnight({london_day(t).number + 1}), t);
  }
}

TEST(London, ADayIsReadOnlyAsItIsWritten) {
  EXPECT_EQ(day_from_string("2026-02-28")->number + 1, day_from_string("2026-03-01")->number);
  for (const char* wrong :
       {"", "2026-2-28", "2026-02-30", "2026-02-28T", "20260228", "2026-+2-28"}) {
    EXPECT_FALSE(day_from_string(wrong)) << wrong;
  }
}

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

TEST(London, EveryHourReadsBackButTheRepeatedOne) {
  for (Time t = at("2020-01-01T00:00:00Z"); t < at("2036-01-01T00:00:00Z"); t = t + seconds(3600)) {
    const Civil civil = to_london(t);
    const int64_t behind = t.us - from_london(civil.day, civil.second).us;
    ASSERT_TRUE(behind == 0 || behind == 3'600'000'000) << to_rfc3339(t);
  }
}

TEST(London, WeekdaysFollowTheCalendar) {
  EXPECT_EQ(weekday(on("2026-11-22")), Weekday::kSunday);
  EXPECT_EQ(weekday(on("1970-01-01")), Weekday::kThursday);
  EXPECT_EQ(weekday({-3}), Weekday::kMonday);
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
  EXPECT_EQ(time_from_words("2026-12-24 09:00"), at("2026-12-24T09:00:00Z"));
  EXPECT_FALSE(time_from_words("2026-12-24T09:00"));
}

}  // namespace
}  // namespace switchboard
