#include "adapters/sdk/publisher.h"

#include <gtest/gtest.h>

#include "broker/kv/faulty_kv.h"
#include "broker/kv/mem_kv.h"
#include "tests/support/damaged_item.h"
#include "tests/support/fake_hub.h"
#include "tests/support/sdk_client.h"

namespace switchboard::sdk {
namespace {

using test::FakeHub;
using test::SdkClient;

constexpr Time kNow{1'800'000'000'000'000};

class PublisherTest : public ::testing::Test {
 protected:
  void open(SdkClient& client, Time now = kNow) {
    client.conversation.connected(now);
    client.talk(hub_, now);
  }
  // A session is open and nothing is published yet; the endpoint's Attach goes nowhere.
  void greet(SdkClient& client) {
    client.conversation.connected(kNow);
    const auto hello = client.next(kNow);
    client.say(*hello, hub_, kNow);
    ASSERT_TRUE(client.next(kNow)->has_attach());
  }
  static std::vector<v1::Code> codes(SdkClient& client) {
    std::vector<v1::Code> list;
    for (const auto& outcome : client.publisher.take_outcomes()) list.push_back(outcome.code);
    return list;
  }
  static v1::HubFrame accepted(SdkClient& client, uint64_t through) {
    v1::HubFrame frame;
    frame.mutable_accepted()->set_outbox(std::string(client.outbox->id().view()));
    frame.mutable_accepted()->set_through(through);
    return frame;
  }
  std::vector<std::string> headers() const {
    std::vector<std::string> list;
    for (const auto& taken : hub_.taken()) list.push_back(taken.header);
    return list;
  }

  kv::MemKv kv_;
  FakeHub hub_;
};

TEST_F(PublisherTest, ItemsReachTheHubInOrderAndAreReported) {
  SdkClient client(kv_);
  ASSERT_TRUE(client.publish("a", kNow).ok());
  ASSERT_TRUE(client.publish("b", kNow).ok());
  open(client);
  EXPECT_EQ(headers(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(codes(client), (std::vector<v1::Code>{v1::CODE_OK, v1::CODE_OK}));
  EXPECT_TRUE(client.publisher.idle());
}

TEST_F(PublisherTest, NothingGoesOutBeforeWelcome) {
  SdkClient client(kv_);
  ASSERT_TRUE(client.publish("a", kNow).ok());
  EXPECT_FALSE(client.next(kNow));
  client.conversation.connected(kNow);
  EXPECT_TRUE(client.next(kNow)->has_hello());
  EXPECT_FALSE(client.next(kNow));
}

TEST_F(PublisherTest, TheFirstFrameOfASessionTravelsAloneThenTheWindowIsUsed) {
  SdkClient client(kv_, {.publisher = {.frame_items = 1}});
  hub_.set_window(1 << 20, 3);
  for (const char* header : {"a", "b", "c", "d", "e", "f"}) {
    ASSERT_TRUE(client.publish(header, kNow).ok());
  }
  greet(client);
  EXPECT_EQ(client.next(kNow)->publish().first(), 1u);
  EXPECT_FALSE(client.next(kNow)) << "P1: alone until it is answered";
  client.hear(accepted(client, 1), kNow);
  EXPECT_EQ(client.next(kNow)->publish().first(), 2u);
  EXPECT_EQ(client.next(kNow)->publish().first(), 3u);
  EXPECT_EQ(client.next(kNow)->publish().first(), 4u);
  EXPECT_FALSE(client.next(kNow)) << "three items are unanswered";
}

TEST_F(PublisherTest, AWindowInBytesIsKept) {
  SdkClient client(kv_, {.publisher = {.frame_items = 1}});
  hub_.set_window(250, 100);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(client.publish(std::string(100, 'x'), kNow).ok());
  greet(client);
  ASSERT_TRUE(client.next(kNow)->has_publish());
  client.hear(accepted(client, 1), kNow);
  EXPECT_EQ(client.next(kNow)->publish().first(), 2u);
  EXPECT_EQ(client.next(kNow)->publish().first(), 3u);
  EXPECT_FALSE(client.next(kNow));
}

TEST_F(PublisherTest, ADefiniteRefusalIsKeptAndDoesNotHoldUpTheRest) {
  SdkClient client(kv_);
  hub_.judge = [](const v1::Item& item) -> std::optional<v1::Code> {
    if (item.header() == "bad") return v1::CODE_INVALID;
    return std::nullopt;
  };
  for (const char* header : {"a", "bad", "c"}) ASSERT_TRUE(client.publish(header, kNow).ok());
  open(client);
  EXPECT_EQ(headers(), (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(codes(client), (std::vector<v1::Code>{v1::CODE_OK, v1::CODE_INVALID, v1::CODE_OK}));
  EXPECT_EQ(client.outbox->refusals(0, 10).value().size(), 1u);
}

TEST_F(PublisherTest, BusyBacksOffAndResendsFromThereInOrder) {
  SdkClient client(kv_);
  int busy = 2;
  hub_.judge = [&busy](const v1::Item& item) -> std::optional<v1::Code> {
    if (item.header() == "b" && busy-- > 0) return v1::CODE_BUSY;
    return std::nullopt;
  };
  for (const char* header : {"a", "b", "c"}) ASSERT_TRUE(client.publish(header, kNow).ok());
  open(client);
  EXPECT_EQ(headers(), std::vector<std::string>{"a"});
  EXPECT_EQ(client.publisher.pausing(), v1::CODE_BUSY);
  EXPECT_FALSE(client.next(kNow)) << "not at once";
  client.talk(hub_, kNow + milliseconds(200));
  EXPECT_EQ(headers(), std::vector<std::string>{"a"});
  client.talk(hub_, kNow + milliseconds(600));
  EXPECT_EQ(headers(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(client.publisher.idle());
}

TEST_F(PublisherTest, WhatIsUnansweredAtADisconnectIsSentAgainAndIsTheSame) {
  SdkClient client(kv_);
  ASSERT_TRUE(client.publish("a", kNow).ok());
  greet(client);
  const auto publish = client.next(kNow);
  hub_.hear(1, publish->SerializeAsString(), kNow);  // taken, and the answer is lost
  client.conversation.disconnected();
  hub_.restart();
  open(client);
  EXPECT_EQ(headers(), std::vector<std::string>{"a"});
  EXPECT_EQ(codes(client), std::vector<v1::Code>{v1::CODE_DUPLICATE});
}

TEST_F(PublisherTest, AnAnswerThatSkipsAFrameMeansOneIsLostSoTheSessionIsOpenedAnew) {
  SdkClient client(kv_, {.publisher = {.frame_items = 1}});
  for (const char* header : {"a", "b", "c"}) ASSERT_TRUE(client.publish(header, kNow).ok());
  greet(client);
  client.next(kNow);
  client.hear(accepted(client, 1), kNow);
  client.next(kNow);
  client.next(kNow);
  client.hear(accepted(client, 3), kNow);
  EXPECT_EQ(client.outbox->confirmed(), 1u) << "the answer to 2 may have held a refusal";
  EXPECT_FALSE(client.next(kNow));
  EXPECT_TRUE(client.conversation.wants_connection(kNow + seconds(1)));
}

TEST_F(PublisherTest, NoAnswerInTimeOpensTheSessionAnew) {
  SdkClient client(kv_);
  ASSERT_TRUE(client.publish("a", kNow).ok());
  greet(client);
  ASSERT_TRUE(client.next(kNow)->has_publish());
  v1::HubFrame pong;
  pong.mutable_pong();
  client.hear(pong, kNow + seconds(15));  // alive, but it does not answer
  while (client.next(kNow + seconds(31))) {
  }
  EXPECT_TRUE(client.conversation.wants_connection(kNow + seconds(32)));
}

TEST_F(PublisherTest, ARecoveringHubGetsBackWhatItLost) {
  SdkClient client(kv_);
  for (const char* header : {"a", "b", "c"}) ASSERT_TRUE(client.publish(header, kNow).ok());
  open(client);
  ASSERT_EQ(headers().size(), 3u);
  hub_.lose_tail(2);
  client.conversation.disconnected();
  ASSERT_TRUE(client.publish("d", kNow).ok());
  open(client, kNow + seconds(3600));
  EXPECT_EQ(headers(), (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(hub_.last_hello()->highest().position(), 3u) << "how the hub learns what it lost";
}

TEST_F(PublisherTest, ADamagedItemIsListedAndTheRestGoesOn) {
  SdkClient client(kv_);
  for (const char* header : {"a", "b", "c"}) ASSERT_TRUE(client.publish(header, kNow).ok());
  test::damage_published(kv_, 2);
  open(client);
  hub_.restart();
  open(client, kNow + seconds(1));
  EXPECT_EQ(headers(), (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(client.outbox->refusals(0, 10).value().at(0).sequence, 2u);
}

TEST_F(PublisherTest, AFailedSyncGivesNoCustody) {
  kv::FaultyKv faulty(kv_, {.sync = 3});  // two outboxes are made first
  SdkClient client(faulty);
  EXPECT_FALSE(client.publish("a", kNow).ok());
}

}  // namespace
}  // namespace switchboard::sdk
