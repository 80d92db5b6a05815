#include "adapters/sdk/session.h"

#include <gtest/gtest.h>

#include "broker/kv/mem_kv.h"

namespace switchboard::sdk {
namespace {

constexpr Time kNow{1'800'000'000'000'000};

class SessionTest : public ::testing::Test {
 protected:
  static v1::Welcome welcome(uint64_t epoch, uint64_t position, const std::string& head = "h") {
    v1::Welcome welcome;
    welcome.set_protocol(kProtocol);
    welcome.mutable_promise()->set_epoch(epoch);
    welcome.mutable_promise()->set_position(position);
    welcome.mutable_promise()->set_head(head);
    return welcome;
  }
  // True if a Welcome with this promise opens a session; then the promise is noted, as owners do.
  bool opens(const v1::Welcome& with, Time now = kNow) {
    session_.connected(now);
    EXPECT_TRUE(session_.next(now)->has_hello());
    const bool opened = session_.welcomed(with, now).value();
    if (opened) {
      EXPECT_TRUE(promises_.note(with.promise()).ok());
    }
    return opened;
  }

  kv::MemKv kv_;
  Entropy entropy_{{1}};
  Promises promises_{Promises::open(kv_).value()};
  Session session_{promises_, entropy_, {.client = "test 1"}};
};

TEST_F(SessionTest, HelloShowsTheHighestPromiseAlsoAfterARestart) {
  ASSERT_TRUE(opens(welcome(3, 77)));
  ASSERT_TRUE(kv_.sync().ok());
  auto promises = Promises::open(kv_).value();
  Session again(promises, entropy_, {.client = "test 1"});
  again.connected(kNow);
  const auto hello = again.next(kNow);
  EXPECT_EQ(hello->hello().highest().epoch(), 3u);
  EXPECT_EQ(hello->hello().highest().position(), 77u);
}

TEST_F(SessionTest, HelloShowsTheHighestOfEachEarlierEpochToo) {
  ASSERT_TRUE(opens(welcome(3, 70)));
  ASSERT_TRUE(opens(welcome(3, 77)));
  ASSERT_TRUE(opens(welcome(5, 80)));
  ASSERT_TRUE(opens(welcome(9, 81)));
  ASSERT_TRUE(kv_.sync().ok());
  auto promises = Promises::open(kv_).value();
  Session again(promises, entropy_, {.client = "test 1"});
  again.connected(kNow);
  const auto hello = again.next(kNow)->hello();
  EXPECT_EQ(hello.highest().epoch(), 9u);
  ASSERT_EQ(hello.earlier().items_size(), 2);
  EXPECT_EQ(hello.earlier().items(0).epoch(), 5u);
  EXPECT_EQ(hello.earlier().items(1).epoch(), 3u);
  EXPECT_EQ(hello.earlier().items(1).position(), 77u);
}

TEST_F(SessionTest, AnOlderEpochIsRefusedWithAnAlarmAndAskedAgainLater) {
  ASSERT_TRUE(opens(welcome(3, 77)));
  EXPECT_FALSE(opens(welcome(2, 900)));
  ASSERT_TRUE(session_.alarm());
  EXPECT_EQ(session_.alarm()->code, v1::CODE_STALE_EPOCH);
  EXPECT_FALSE(session_.next(kNow)) << "nothing is handed to it";
  EXPECT_FALSE(session_.wants_connection(kNow + seconds(59)));
  EXPECT_TRUE(session_.wants_connection(kNow + seconds(60)));
  EXPECT_TRUE(opens(welcome(3, 78), kNow + seconds(60)));
  EXPECT_FALSE(session_.alarm());
}

TEST_F(SessionTest, FewerPositionsOrAnotherHeadInTheSameEpochAreRefused) {
  ASSERT_TRUE(opens(welcome(3, 77)));
  EXPECT_FALSE(opens(welcome(3, 76)));
  EXPECT_FALSE(opens(welcome(3, 77, "other")));
  EXPECT_TRUE(opens(welcome(4, 5))) << "a new epoch counts anew";
}

TEST_F(SessionTest, ASilentHubIsPingedThenGivenUp) {
  ASSERT_TRUE(opens(welcome(1, 1)));
  EXPECT_FALSE(session_.next(kNow + seconds(4)));
  EXPECT_TRUE(session_.next(kNow + seconds(5))->has_ping());
  EXPECT_FALSE(session_.next(kNow + seconds(6)));
  session_.heard(kNow + seconds(6));
  EXPECT_TRUE(session_.next(kNow + seconds(11))->has_ping());
  EXPECT_FALSE(session_.next(kNow + seconds(26)));
  EXPECT_FALSE(session_.open());
  EXPECT_TRUE(session_.wants_connection(kNow + seconds(27)));
}

TEST_F(SessionTest, NoWelcomeInTimeConnectsAnewWithGrowingWaits) {
  Time now = kNow;
  Duration last{0};
  for (int i = 0; i < 5; ++i) {
    session_.connected(now);
    ASSERT_TRUE(session_.next(now)->has_hello());
    now = now + seconds(10);
    EXPECT_FALSE(session_.next(now));
    const Duration wait = *session_.wakes_at() - now;
    EXPECT_GE(wait, last);
    EXPECT_LE(wait, milliseconds(200 << i));
    last = {wait.us / 2};
    now = now + wait;
    ASSERT_TRUE(session_.wants_connection(now));
    session_.reconnecting();
  }
}

TEST_F(SessionTest, ADefiniteRefusalIsAnAlarmAndSlow) {
  session_.connected(kNow);
  ASSERT_TRUE(session_.next(kNow)->has_hello());
  v1::Refused refused;
  refused.set_code(v1::CODE_NOT_ALLOWED);
  refused.set_text("this key is not enrolled");
  refused.set_session_ends(true);
  session_.refused(refused, kNow);
  EXPECT_EQ(session_.alarm()->code, v1::CODE_NOT_ALLOWED);
  EXPECT_FALSE(session_.wants_connection(kNow + seconds(59)));
  EXPECT_TRUE(session_.wants_connection(kNow + seconds(60)));
}

TEST_F(SessionTest, ARetryableRefusalIsTriedAgainSoon) {
  session_.connected(kNow);
  ASSERT_TRUE(session_.next(kNow)->has_hello());
  v1::Refused refused;
  refused.set_code(v1::CODE_DRAINING);
  refused.set_session_ends(true);
  session_.refused(refused, kNow);
  EXPECT_TRUE(session_.wants_connection(kNow + seconds(1)));
}

TEST_F(SessionTest, AnotherProtocolIsAnAlarm) {
  auto other = welcome(1, 1);
  other.set_protocol(kProtocol + 1);
  EXPECT_FALSE(opens(other));
  EXPECT_EQ(session_.alarm()->code, v1::CODE_UNSUPPORTED_VERSION);
}

TEST_F(SessionTest, AClockThatGoesBackHoldsNothingUp) {
  ASSERT_TRUE(opens(welcome(1, 1)));
  session_.drop("test", kNow);
  EXPECT_TRUE(session_.wants_connection({kNow.us - 3'600'000'000}));
}

}  // namespace
}  // namespace switchboard::sdk
