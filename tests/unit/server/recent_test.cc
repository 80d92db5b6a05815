#include "broker/server/recent.h"

#include <gtest/gtest.h>

namespace switchboard::server {
namespace {

const store::LogId kOne{1, store::Log::kInbox};
const store::LogId kTwo{2, store::Log::kInbox};

std::string found(const Recent& recent, store::LogId log, uint64_t number) {
  const auto* entry = recent.find(log, number);
  return entry == nullptr ? "-" : *entry;
}

TEST(Recent, FindsWhatWasAddedPerLogAndNumber) {
  Recent recent(100);
  recent.add(kOne, 7, "seven");
  recent.add(kOne, 8, "eight");
  recent.add(kTwo, 7, "other");
  EXPECT_EQ(found(recent, kOne, 7), "seven");
  EXPECT_EQ(found(recent, kOne, 8), "eight");
  EXPECT_EQ(found(recent, kTwo, 7), "other");
  EXPECT_EQ(found(recent, kOne, 6), "-");
  EXPECT_EQ(found(recent, kOne, 9), "-");
  EXPECT_EQ(found(recent, {3, store::Log::kInbox}, 7), "-");
  EXPECT_EQ(found(recent, {1, store::Log::kSent}, 7), "-");
}

TEST(Recent, ANumberAfterAGapBeginsTheRunAnew) {
  Recent recent(100);
  recent.add(kOne, 1, "one");
  recent.add(kOne, 3, "three");
  EXPECT_EQ(found(recent, kOne, 1), "-");
  EXPECT_EQ(found(recent, kOne, 2), "-");
  EXPECT_EQ(found(recent, kOne, 3), "three");
  EXPECT_EQ(recent.bytes(), 5u);
  recent.add(kOne, 2, "two again");  // and backwards
  EXPECT_EQ(found(recent, kOne, 3), "-");
  EXPECT_EQ(found(recent, kOne, 2), "two again");
}

TEST(Recent, IsBoundedInBytesOverAllLogsAndTheOldestGoFirst) {
  Recent recent(30);
  for (uint64_t n = 1; n <= 100; ++n) {
    recent.add(n % 2 ? kOne : kTwo, (n + 1) / 2, std::string(10, 'x'));
    EXPECT_LE(recent.bytes(), 30u);
  }
  EXPECT_EQ(found(recent, kOne, 49), "-");
  EXPECT_NE(found(recent, kTwo, 49), "-");
  EXPECT_NE(found(recent, kOne, 50), "-");
  EXPECT_NE(found(recent, kTwo, 50), "-");
}

TEST(Recent, AnEntryLargerThanAllItMayHoldIsNotKept) {
  Recent recent(10);
  recent.add(kOne, 1, std::string(11, 'x'));
  EXPECT_EQ(found(recent, kOne, 1), "-");
  EXPECT_EQ(recent.bytes(), 0u);
  recent.add(kOne, 2, "two");
  EXPECT_EQ(found(recent, kOne, 2), "two");
}

// Restarted runs leave places in the order behind: the bound must hold all the same.
TEST(Recent, StaysBoundedHoweverOftenRunsBeginAnew) {
  Recent recent(50);
  for (uint64_t n = 1; n <= 1000; ++n) {
    recent.add(kOne, n * 2, std::string(10, 'x'));
    recent.add(kTwo, n, std::string(10, 'y'));
    EXPECT_LE(recent.bytes(), 50u);
    EXPECT_NE(found(recent, kTwo, n), "-") << "the newest is there";
  }
}

TEST(Recent, ClearForgetsEverything) {
  Recent recent(100);
  recent.add(kOne, 1, "one");
  recent.clear();
  EXPECT_EQ(found(recent, kOne, 1), "-");
  EXPECT_EQ(recent.bytes(), 0u);
}

}  // namespace
}  // namespace switchboard::server
