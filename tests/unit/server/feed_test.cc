#include "broker/server/feed.h"

#include <gtest/gtest.h>

#include "broker/base/limits.h"

namespace switchboard::server {
namespace {

const store::LogId kLog{3, store::Log::kInbox};

Feed feed(uint64_t through, uint32_t items, uint64_t bytes) {
  return Feed("X99-HV", kLog, "screen", through, items, bytes);
}

TEST(Feed, GoesOnAfterWhatTheEndpointHas) {
  const Feed f = feed(41, 10, 1000);
  EXPECT_EQ(f.next(), 42u);
  EXPECT_EQ(f.received(), 41u);
}

TEST(Feed, ItemsOnTheWayAreBoundedByTheCredit) {
  Feed f = feed(0, 2, 1000);
  EXPECT_EQ(f.items_left(), 2u);
  f.sent(1, 10);
  f.sent(2, 10);
  EXPECT_EQ(f.items_left(), 0u);
  EXPECT_FALSE(f.may_add(0, 0, 1));
  f.receive(1);
  EXPECT_EQ(f.items_left(), 1u);
  EXPECT_TRUE(f.may_add(0, 0, 1));
  EXPECT_FALSE(f.may_add(1, 1, 1)) << "the page being made counts too";
}

TEST(Feed, BytesOnTheWayAreBoundedByTheCredit) {
  Feed f = feed(0, 100, 1000);
  EXPECT_TRUE(f.may_add(2, 600, 400));
  EXPECT_FALSE(f.may_add(2, 600, 401));
  f.sent(1, 900);
  EXPECT_TRUE(f.may_add(0, 0, 100));
  EXPECT_FALSE(f.may_add(0, 0, 101));
  EXPECT_EQ(f.bytes_left(), 100u);
  f.sent(2, 100);
  EXPECT_EQ(f.items_left(), 0u) << "no bytes are left for any item";
  f.receive(2);
  EXPECT_EQ(f.bytes_left(), 1000u);
}

TEST(Feed, OneItemIsAlwaysOnTheWayHoweverLarge) {
  Feed f = feed(0, 1, 1);
  EXPECT_TRUE(f.may_add(0, 0, 1'000'000));
  f.sent(1, 1'000'000);
  EXPECT_EQ(f.bytes_left(), 0u);
  EXPECT_FALSE(f.may_add(0, 0, 1));
  f.receive(1);
  EXPECT_TRUE(f.may_add(0, 0, 1'000'000));
}

TEST(Feed, AWishForMoreThanTheLimitIsCutAndForNothingIsOne) {
  EXPECT_EQ(feed(0, ~uint32_t{0}, 1).items_left(), limits::kCreditItemsMax);
  EXPECT_EQ(feed(0, 1, ~uint64_t{0}).bytes_left(), limits::kCreditBytesMax);
  EXPECT_EQ(feed(0, 0, 0).items_left(), 1u);
  EXPECT_TRUE(feed(0, 0, 0).may_add(0, 0, 5));
}

TEST(Feed, AReceiptCoversAllUpToItsNumberAndNothingThatWasNotSent) {
  Feed f = feed(10, 10, 1000);
  f.sent(11, 5);
  f.sent(12, 5);
  f.receive(100);
  EXPECT_EQ(f.received(), 12u);
  EXPECT_EQ(f.items_left(), 10u);
  f.receive(3);  // late and lower
  EXPECT_EQ(f.received(), 12u);
}

TEST(Feed, ARewindReadsAgainAndForgetsWhatWasOnTheWay) {
  Feed f = feed(0, 2, 1000);
  f.sent(1, 10);
  f.sent(2, 10);
  f.rewind(0);
  EXPECT_EQ(f.next(), 1u);
  EXPECT_EQ(f.items_left(), 2u);
  EXPECT_EQ(f.bytes_left(), 1000u);
}

TEST(Feed, AStoppedOneSendsNothing) {
  Feed f = feed(0, 10, 1000);
  f.set_stopped(true);
  EXPECT_EQ(f.items_left(), 0u);
  EXPECT_FALSE(f.may_add(0, 0, 1));
  EXPECT_FALSE(f.may_send_ahead());
}

TEST(Feed, CopiesAheadAreBoundedUntilTheirTurnIsReceived) {
  Feed f = feed(0, 1, 1000);
  f.sent(1, 10);
  uint64_t number = 2;
  for (; f.may_send_ahead(); ++number) f.sent_ahead(number);
  EXPECT_EQ(number, 10u);
  f.receive(1);
  EXPECT_FALSE(f.may_send_ahead());
  f.sent(2, 10);
  f.receive(2);
  EXPECT_TRUE(f.may_send_ahead());
}

TEST(FeedDeathTest, NumbersAreSentWithoutAGap) {
  Feed f = feed(0, 10, 1000);
  EXPECT_DEATH(f.sent(2, 1), "");
}

}  // namespace
}  // namespace switchboard::server
