#include "adapters/sdk/ledgers.h"

#include <gtest/gtest.h>

#include "broker/base/limits.h"
#include "broker/kv/mem_kv.h"
#include "tests/support/fake_hub.h"
#include "tests/support/sdk_client.h"

namespace switchboard::sdk {
namespace {

using test::FakeHub;
using test::SdkClient;

constexpr Time kNow{1'800'000'000'000'000};

v1::AdapterLedger line(const std::string& listener, uint64_t read) {
  v1::AdapterLedger ledger;
  ledger.set_listener(listener);
  ledger.set_bucket(v1::LEDGER_BUCKET_LIVE);
  ledger.set_day("2027-01-15");
  ledger.set_read(read);
  return ledger;
}

class LedgersTest : public ::testing::Test {
 protected:
  void open(uint64_t connection = 1) {
    client_.conversation.connected(kNow);
    pass(connection, client_.next(kNow));
    ASSERT_TRUE(client_.session.open());
    (void)client_.next(kNow);  // its endpoint attaches
  }
  void pass(uint64_t connection, const std::optional<v1::ClientFrame>& frame, Time now = kNow) {
    ASSERT_TRUE(frame.has_value());
    for (const auto& f : hub_.hear(connection, frame->SerializeAsString(), now)) {
      client_.hear(f, now);
    }
  }
  kv::MemKv kv_;
  FakeHub hub_;
  SdkClient client_{kv_};
  Ledgers& ledgers_ = client_.ledgers;
};

TEST_F(LedgersTest, TheNewestCountOfALineIsToldOnceTheSessionIsOpen) {
  ASSERT_TRUE(ledgers_.set(line("pas", 1)));
  ASSERT_TRUE(ledgers_.set(line("pas", 2)));
  open();
  pass(1, client_.next(kNow));
  ASSERT_EQ(hub_.ledgers().size(), 1u);
  EXPECT_EQ(hub_.ledgers()[0].read(), 2u);
  EXPECT_TRUE(ledgers_.idle());
  const auto outcomes = ledgers_.take_outcomes();
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].code, v1::CODE_OK);
  EXPECT_EQ(outcomes[0].lines[0].read(), 2u);
  EXPECT_FALSE(client_.next(kNow));
}

TEST_F(LedgersTest, WhatWasNotAnsweredIsToldAgainButNeverAnOlderCount) {
  open();
  ASSERT_TRUE(ledgers_.set(line("pas", 5)));
  ASSERT_TRUE(ledgers_.set(line("rio", 7)));
  ASSERT_TRUE(client_.next(kNow)->has_ledgers());  // lost on the way
  ASSERT_TRUE(ledgers_.set(line("pas", 6)));
  EXPECT_FALSE(client_.next(kNow)) << "one frame at a time";
  client_.conversation.disconnected();
  open(2);
  pass(2, client_.next(kNow));
  ASSERT_EQ(hub_.ledgers().size(), 2u);
  EXPECT_EQ(hub_.ledgers()[0].read(), 6u);
  EXPECT_EQ(hub_.ledgers()[1].read(), 7u);
  EXPECT_TRUE(ledgers_.idle());
}

TEST_F(LedgersTest, ABusyHubIsAskedAgainAfterAPauseAndARefusalIsTold) {
  open();
  hub_.judge_ledgers = v1::CODE_READ_ONLY;
  ASSERT_TRUE(ledgers_.set(line("pas", 5)));
  pass(1, client_.next(kNow));
  EXPECT_FALSE(ledgers_.idle());
  EXPECT_FALSE(client_.next(kNow));
  const auto again = ledgers_.wakes_at();
  ASSERT_TRUE(again.has_value());
  EXPECT_GT(*again, kNow);
  hub_.judge_ledgers = v1::CODE_NOT_ALLOWED;
  while (const auto frame = client_.next(*again)) pass(1, frame, *again);  // a ping, and the lines
  EXPECT_TRUE(ledgers_.idle());
  EXPECT_EQ(ledgers_.take_outcomes().at(0).code, v1::CODE_NOT_ALLOWED);
}

TEST_F(LedgersTest, ManyLinesGoInFramesWithinTheLimit) {
  open();
  for (size_t i = 0; i <= limits::kLedgersPerFrameMax; ++i) {
    ASSERT_TRUE(ledgers_.set(line("listener " + std::to_string(i), i)));
  }
  pass(1, client_.next(kNow));
  EXPECT_EQ(hub_.ledgers().size(), limits::kLedgersPerFrameMax);
  pass(1, client_.next(kNow));
  EXPECT_EQ(hub_.ledgers().size(), limits::kLedgersPerFrameMax + 1);
  EXPECT_TRUE(ledgers_.idle());
}

TEST_F(LedgersTest, LinesThatWaitAreBoundedAndAKnownOneIsStillReplaced) {
  for (size_t i = 0; i < Ledgers::kLinesMax; ++i) {
    ASSERT_TRUE(ledgers_.set(line("listener " + std::to_string(i), i)));
  }
  EXPECT_FALSE(ledgers_.set(line("one more", 1)));
  EXPECT_TRUE(ledgers_.set(line("listener 3", 9)));
}

}  // namespace
}  // namespace switchboard::sdk
