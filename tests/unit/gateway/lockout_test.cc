#include "services/gateway/lockout.h"

#include <gtest/gtest.h>

#include "broker/kv/mem_kv.h"

namespace switchboard::gateway {
namespace {

constexpr Duration kMinute = seconds(60);

class LockoutTest : public testing::Test {
 protected:
  bool fail(const std::string& person, const std::string& network = "10.0.0.1") {
    kv::Batch rows;
    const bool locks = lockout_.attempt({person, Time{7}}, network, now_, rows);
    EXPECT_TRUE(kv_.write_synced(rows).ok());
    return locks;
  }
  void succeed(const std::string& person, const std::string& network = "10.0.0.1") {
    kv::Batch rows;
    lockout_.succeeded(person, network, rows);
    EXPECT_TRUE(kv_.write_synced(rows).ok());
  }
  void lock(const std::string& person) {
    while (!fail(person, "10.1.0." + std::to_string(++networks_))) {
    }
  }
  Duration locked_for(const std::string& person) {
    Time at = now_;
    while (lockout_.locked(person, at)) at = at + kMinute;
    return at - now_;
  }
  void restart() { lockout_ = Lockout::load(*kv_.durable_copy()).value(); }
  void wait(Duration d) { now_ = now_ + d; }

  kv::MemKv kv_;
  Lockout lockout_;
  Time now_{1'000'000'000'000};
  int networks_ = 0;
};

TEST_F(LockoutTest, FiveFailuresLockForAQuarterOfAnHour) {
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(fail("anna"));
  EXPECT_FALSE(lockout_.locked("anna", now_));
  EXPECT_TRUE(fail("anna"));
  EXPECT_TRUE(lockout_.locked("anna", now_));
  EXPECT_FALSE(lockout_.locked("bela", now_));
  EXPECT_TRUE(lockout_.locked("anna", now_ + seconds(15 * 60 - 1)));
  EXPECT_FALSE(lockout_.locked("anna", now_ + seconds(15 * 60)));
}
TEST_F(LockoutTest, EachLockIsTwiceAsLongUpToFourHours) {
  for (const int64_t minutes : {15, 30, 60, 120, 240, 240}) {
    lock("anna");
    EXPECT_EQ(locked_for("anna").us, minutes * kMinute.us);
    wait(locked_for("anna"));
  }
}
TEST_F(LockoutTest, FailuresWhileItIsLockedDoNotMakeItLonger) {
  lock("anna");
  const Duration before = locked_for("anna");
  for (int i = 0; i < 20; ++i) fail("anna", "10.2.0.1");
  EXPECT_EQ(locked_for("anna"), before);
}
TEST_F(LockoutTest, ASuccessBeginsAnew) {
  for (int i = 0; i < 4; ++i) fail("anna");
  succeed("anna");
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(fail("anna"));
  EXPECT_FALSE(lockout_.locked("anna", now_));
}
TEST_F(LockoutTest, AfterAQuietDayTheDoublingBeginsAnew) {
  lock("anna");
  wait(seconds(24 * 3600 + 15 * 60));
  lock("anna");
  EXPECT_EQ(locked_for("anna").us, 15 * kMinute.us);
}
TEST_F(LockoutTest, ANewPasswordEndsTheLockAndTheOldOneDoesNot) {
  lock("anna");
  kv::Batch rows;
  lockout_.password_set({"anna", Time{7}}, rows);
  EXPECT_TRUE(lockout_.locked("anna", now_));
  restart();
  lockout_.password_set({"anna", Time{7}}, rows);
  EXPECT_TRUE(lockout_.locked("anna", now_));
  lockout_.password_set({"anna", Time{8}}, rows);
  EXPECT_FALSE(lockout_.locked("anna", now_));
  EXPECT_FALSE(rows.empty());
}
TEST_F(LockoutTest, ThirtyFailuresOfAPlaceWithinAQuarterOfAnHourMakeItWait) {
  for (int i = 0; i < 29; ++i) {
    fail("");
    wait(seconds(1));
  }
  EXPECT_EQ(lockout_.wait("10.0.0.1", now_).us, 0);
  fail("");
  EXPECT_EQ(lockout_.wait("10.0.0.1", now_), seconds(15 * 60 - 29));
  EXPECT_EQ(lockout_.wait("10.0.0.2", now_).us, 0);
  wait(seconds(15 * 60 - 29));
  EXPECT_EQ(lockout_.wait("10.0.0.1", now_).us, 0) << "the first of them is too old";
  fail("");
  EXPECT_EQ(lockout_.wait("10.0.0.1", now_), seconds(1)) << "and the second goes a second later";
}
TEST_F(LockoutTest, ASuccessCountsNoFailureOfItsPlaceButForgivesNoOthers) {
  for (int i = 0; i < 29; ++i) fail("");
  for (int i = 0; i < 5; ++i) {
    fail("anna");
    succeed("anna");
  }
  EXPECT_EQ(lockout_.wait("10.0.0.1", now_).us, 0);
  fail("");
  EXPECT_GT(lockout_.wait("10.0.0.1", now_).us, 0);
}
TEST_F(LockoutTest, ARestartHelpsNobodyWhoGuesses) {
  for (int i = 0; i < 4; ++i) fail("anna");
  for (int i = 0; i < 26; ++i) fail("");
  restart();
  EXPECT_GT(lockout_.wait("10.0.0.1", now_).us, 0);
  EXPECT_TRUE(fail("anna"));
  wait(locked_for("anna"));
  lock("anna");
  restart();
  EXPECT_EQ(locked_for("anna").us, 30 * kMinute.us);
}
TEST_F(LockoutTest, WhatIsForgivenStaysForgivenAfterARestart) {
  for (int i = 0; i < 4; ++i) fail("anna");
  succeed("anna");
  restart();
  EXPECT_EQ(lockout_.people(), 0u);
}
TEST_F(LockoutTest, UnknownIdsAreNotKept) {
  fail("");
  EXPECT_EQ(lockout_.people(), 0u);
  EXPECT_FALSE(lockout_.locked("", now_));
}
TEST_F(LockoutTest, ItRemembersABoundedNumberAndLockedPeopleLongest) {
  lock("anna");
  for (size_t i = 0; i < Lockout::kPeopleMax + 50; ++i) {
    now_.us += 1;
    fail("p" + std::to_string(i), "n" + std::to_string(i));
  }
  EXPECT_EQ(lockout_.people(), Lockout::kPeopleMax);
  EXPECT_EQ(lockout_.networks(), Lockout::kNetworksMax);
  EXPECT_TRUE(lockout_.locked("anna", now_));
  restart();
  EXPECT_EQ(lockout_.people(), Lockout::kPeopleMax) << "what is forgotten leaves no row";
  EXPECT_EQ(lockout_.networks(), Lockout::kNetworksMax);
}
TEST_F(LockoutTest, ARowThatCannotBeReadIsSaid) {
  kv::Batch rows;
  rows.put(kv::Family::kMeta, "gateway/failed/person/anna", "\xff\xff");
  ASSERT_TRUE(kv_.write_synced(rows).ok());
  EXPECT_FALSE(Lockout::load(kv_).ok());
}
TEST(NetworkOf, IsAnAddressOrHalfOfOne) {
  EXPECT_EQ(network_of("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64");
  EXPECT_NE(network_of("2001:db8:1:3::1"), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(network_of("proxy"), "proxy");
  EXPECT_EQ(network_of(std::string(1000, 'x')).size(), 64u);
}

}  // namespace
}  // namespace switchboard::gateway
