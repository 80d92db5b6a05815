#include "broker/base/london.h"

#include <date/tz.h>
#include <gtest/gtest.h>

namespace switchboard {
namespace {

using Micros = std::chrono::microseconds;

Time at(const char* text) { return from_rfc3339(text).value(); }

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

}  // namespace
}  // namespace switchboard
