#include "broker/runtime/clock.h"

#include <gtest/gtest.h>

#include "broker/base/limits.h"

namespace switchboard {
namespace {

constexpr Time kNoon{1'760'000'000'000'000};
constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kHour = 3600 * kSecond;

Time noon_plus(int64_t us) { return {kNoon.us + us}; }

TEST(Clock, FollowsTheWallClockWhileBothAgree) {
  ClockDiscipline clock;
  EXPECT_EQ(clock.read(kNoon, 10 * kSecond).now, kNoon);
  const Reading later = clock.read(noon_plus(kSecond), 11 * kSecond);
  EXPECT_EQ(later.now, noon_plus(kSecond));
  EXPECT_EQ(later.boot_us, 11 * kSecond);
  EXPECT_FALSE(later.frozen);
}

TEST(Clock, AStepAnHourAheadFreezesAndTimeGoesOnByBootTime) {
  ClockDiscipline clock;
  clock.read(kNoon, 0);
  const Reading stepped = clock.read(noon_plus(kHour + kSecond), kSecond);
  EXPECT_TRUE(stepped.frozen);
  EXPECT_EQ(stepped.now, noon_plus(kSecond));
  EXPECT_EQ(clock.drift().us, kHour);
}

TEST(Clock, AStepAnHourBackFreezesAndTimeGoesOnByBootTime) {
  ClockDiscipline clock;
  clock.read(kNoon, 0);
  const Reading stepped = clock.read(noon_plus(kSecond - kHour), kSecond);
  EXPECT_TRUE(stepped.frozen);
  EXPECT_EQ(stepped.now, noon_plus(kSecond));
}

TEST(Clock, ThawsByItselfOnceBothAgreeAgain) {
  ClockDiscipline clock;
  clock.read(kNoon, 0);
  EXPECT_TRUE(clock.read(noon_plus(kHour), kSecond).frozen);
  const Reading agreed = clock.read(noon_plus(2 * kSecond), 2 * kSecond);
  EXPECT_FALSE(agreed.frozen);
  EXPECT_EQ(agreed.now, noon_plus(2 * kSecond));
}

TEST(Clock, AnAcceptedStepAheadIsTimeFromThenOn) {
  ClockDiscipline clock;
  clock.read(kNoon, 0);
  clock.read(noon_plus(kHour), kSecond);
  clock.accept_step();
  EXPECT_FALSE(clock.frozen());
  const Reading after = clock.read(noon_plus(kHour + kSecond), 2 * kSecond);
  EXPECT_FALSE(after.frozen);
  EXPECT_EQ(after.now, noon_plus(kHour + kSecond));
}

TEST(Clock, AfterAnAcceptedStepBackTimeStandsUntilItIsPassed) {
  ClockDiscipline clock;
  clock.read(kNoon, 0);
  clock.read(noon_plus(kSecond - kHour), kSecond);
  clock.accept_step();
  const Reading after = clock.read(noon_plus(2 * kSecond - kHour), 2 * kSecond);
  EXPECT_FALSE(after.frozen);
  EXPECT_EQ(after.now, noon_plus(kSecond));
  EXPECT_EQ(clock.read(noon_plus(5 * kSecond), kHour + 5 * kSecond).now, noon_plus(5 * kSecond));
}

TEST(Clock, ASlowDriftFreezesOnlyPastItsBound) {
  ClockDiscipline clock;
  clock.read(kNoon, 0);
  const int64_t bound = limits::kClockDriftUsMax;
  EXPECT_FALSE(clock.read(noon_plus(kHour + bound / 2), kHour).frozen);
  EXPECT_FALSE(clock.read(noon_plus(2 * kHour + bound), 2 * kHour).frozen);
  EXPECT_TRUE(clock.read(noon_plus(3 * kHour + bound + 1), 3 * kHour).frozen);
}

TEST(Clock, ASmallStepBackNeverShowsAsTimeGoingBack) {
  ClockDiscipline clock;
  clock.read(kNoon, 0);
  EXPECT_EQ(clock.read(noon_plus(kSecond), kSecond).now, noon_plus(kSecond));
  const Reading back = clock.read(noon_plus(kSecond / 2), kSecond + 1);
  EXPECT_FALSE(back.frozen);
  EXPECT_EQ(back.now, noon_plus(kSecond));
}

TEST(Clock, ASuspendIsNoStepAsBootTimeCountsThroughIt) {
  ClockDiscipline clock;
  clock.read(kNoon, 0);
  const Reading woken = clock.read(noon_plus(8 * kHour), 8 * kHour);
  EXPECT_FALSE(woken.frozen);
  EXPECT_EQ(woken.now, noon_plus(8 * kHour));
}

TEST(Clock, AWallClockBehindWhatWasStoredStartsFrozenAtTheStoredTime) {
  ClockDiscipline clock(noon_plus(kHour));
  const Reading first = clock.read(kNoon, 0);
  EXPECT_TRUE(first.frozen);
  EXPECT_EQ(first.now, noon_plus(kHour));
  EXPECT_EQ(clock.read(noon_plus(kSecond), kSecond).now, noon_plus(kHour + kSecond));
}

TEST(Clock, TheRealClocksAreReadAndNeverGoBack) {
  Clock clock;
  const Reading a = clock.read();
  const Reading b = clock.read();
  EXPECT_GT(a.now.us, 0);
  EXPECT_GE(b.now, a.now);
  EXPECT_GE(b.boot_us, a.boot_us);
}

}  // namespace
}  // namespace switchboard
