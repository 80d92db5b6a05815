#include "broker/store/keys.h"

#include <gtest/gtest.h>

namespace switchboard::store {
namespace {

TEST(Keys, SortAsTheNumbersTheyHold) {
  EXPECT_LT(key::position(255), key::position(256));
  EXPECT_LT(key::inbox({1, Log::kInbox}, 999), key::inbox({1, Log::kSent}, 1));
  EXPECT_LT(key::inbox({1, Log::kSent}, 999), key::inbox({2, Log::kInbox}, 1));
  EXPECT_LT(key::due({.at_us = 5, .number = 9}), key::due({.at_us = 6, .number = 1}));
}
TEST(Keys, ADirectoryRowsNewestVersionComesFirst) {
  EXPECT_LT(key::directory(1, "X26", 10), key::directory(1, "X26", 9));
}
TEST(Keys, NoDirectoryIdIsAPrefixOfAnothersRows) {
  const auto prefix = key::directory_prefix(1, "X2");
  EXPECT_NE(key::directory(1, "X26", 10).substr(0, prefix.size()), prefix);
}
TEST(Keys, ADueRowComesBackAsItWas) {
  const Due due{.at_us = 7, .kind = DueKind::kHeld, .team = 3, .number = 1ull << 40, .level = 2};
  const auto back = key::read_due(key::due(due));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->at_us, 7);
  EXPECT_EQ(back->kind, DueKind::kHeld);
  EXPECT_EQ(back->team, 3u);
  EXPECT_EQ(back->number, 1ull << 40);
  EXPECT_EQ(back->level, 2);
  EXPECT_FALSE(key::read_due("T"));
  EXPECT_FALSE(key::read_due(key::cursor({1, Log::kInbox}, "a name of any length at all")));
}
TEST(Keys, WhatIsDueNowIsWithinTheBound) {
  EXPECT_LT(key::due({.at_us = 7, .number = ~uint64_t{0}, .level = 255}), key::due_until(7));
  EXPECT_GE(key::due({.at_us = 8}), key::due_until(7));
  EXPECT_GE(key::due({.at_us = 7}), key::due_from(7));
}
TEST(Keys, TheNumberAtTheEndIsReadAndShortKeysAreZero) {
  EXPECT_EQ(key::trailing_u64(key::queue(Queue::kHeld, 77)), 77u);
  EXPECT_EQ(key::trailing_u64("short"), 0u);
}
TEST(Keys, EventIdsOfTwoAgenciesAreDifferentRows) {
  EXPECT_NE(key::event_id({}, "X26"), key::event_id({}, "X99"));
}

}  // namespace
}  // namespace switchboard::store
