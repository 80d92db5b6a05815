#include "adapters/sdk/conversation.h"

#include <gtest/gtest.h>

#include "broker/kv/faulty_kv.h"
#include "broker/kv/mem_kv.h"
#include "tests/support/fake_hub.h"
#include "tests/support/sdk_client.h"

namespace switchboard::sdk {
namespace {

using test::FakeHub;
using test::SdkClient;

constexpr Time kNow{1'800'000'000'000'000};

class ConversationTest : public ::testing::Test {
 protected:
  void open() {
    client_.conversation.connected(kNow);
    const auto hello = client_.next(kNow);
    ASSERT_TRUE(hello->has_hello());
    client_.say(*hello, hub_, kNow);
    ASSERT_TRUE(client_.session.open());
  }
  kv::MemKv kv_;
  FakeHub hub_;
  SdkClient client_{kv_};
};

TEST_F(ConversationTest, FramesOfALaterHubAndNoiseAreCountedAndChangeNothing) {
  open();
  v1::HubFrame later;
  later.GetReflection()->MutableUnknownFields(&later)->AddLengthDelimited(90, "news");
  client_.hear(later, kNow);
  EXPECT_TRUE(client_.conversation.hear("\xff\xff\xff", kNow).ok());
  EXPECT_TRUE(client_.conversation.hear("", kNow).ok());
  EXPECT_EQ(client_.conversation.ignored_frames(), 3u);
  EXPECT_TRUE(client_.session.open());
}

// A hub that is shown its newest promise asks for nothing more: so what it asked for must be
// durable before that promise is. The disk ends at every write on the way, and keeps what was
// written (P1).
TEST_F(ConversationTest, WhatARecoveringHubAsksForIsDurableBeforeItsPromiseIs) {
  open();
  ASSERT_TRUE(client_.publish("event", kNow).ok());
  ASSERT_TRUE(client_.next(kNow)->has_attach());
  const auto publish = client_.next(kNow);
  ASSERT_TRUE(publish->has_publish());
  client_.say(*publish, hub_, kNow);
  ASSERT_EQ(client_.outbox->confirmed(), 1u);
  ASSERT_TRUE(kv_.sync().ok());
  ASSERT_EQ(SdkClient(*kv_.durable_copy()).outbox->confirmed(), 1u);
  v1::HubFrame welcome;
  welcome.mutable_welcome()->set_protocol(kProtocol);
  welcome.mutable_welcome()->mutable_promise()->set_epoch(9);
  welcome.mutable_welcome()->set_recovering(true);
  welcome.mutable_welcome()->set_resend_from_us(1);
  for (uint64_t n = 1; n <= 4; ++n) {
    auto disk = kv_.durable_copy();
    {
      kv::FaultyKv failing(*disk, {.write = n, .repeat = kv::FaultyKv::Repeat::kForEver});
      SdkClient again(failing);
      again.conversation.connected(kNow);
      ASSERT_TRUE(again.next(kNow)->has_hello());
      (void)again.conversation.hear(welcome.SerializeAsString(), kNow);
    }
    disk->crash(disk->unsynced());
    SdkClient after(*disk);
    if (after.promises.highest().epoch() == 9) {
      EXPECT_EQ(after.outbox->confirmed(), 0u) << "write " << n;
    }
  }
}

// P1: what the hub has left says when it was written by a clock that may have been hours ahead
// then, or is behind now. It must get back what was confirmed since, by whichever clock.
TEST_F(ConversationTest, WhatARecoveringHubAsksForIsSentAgainWhateverItsClockWas) {
  const Duration hours = seconds(3 * 3600);
  for (const auto& [written, says] : {std::pair{kNow + hours, kNow}, std::pair{kNow, kNow - hours},
                                      std::pair{kNow + hours, kNow + hours}}) {
    kv::MemKv disk;
    SdkClient client(disk);
    ASSERT_TRUE(client.publish("event", kNow).ok());
    ASSERT_TRUE(client.outbox->confirm(1, {}, kNow).ok());
    v1::HubFrame welcome;
    welcome.mutable_welcome()->set_protocol(kProtocol);
    welcome.mutable_welcome()->mutable_promise()->set_epoch(9);
    welcome.mutable_welcome()->set_resend_from_us(static_cast<uint64_t>(written.us));
    welcome.mutable_welcome()->set_now_us(says.us);
    client.conversation.connected(kNow);
    ASSERT_TRUE(client.next(kNow)->has_hello());
    client.hear(welcome, kNow);
    EXPECT_EQ(client.outbox->confirmed(), 0u) << written.us - kNow.us << " " << says.us - kNow.us;
  }
}

TEST_F(ConversationTest, ARecoveringHubIsToldOnceAllThatWasHeldIsAnsweredAndEndpointsRead) {
  ASSERT_TRUE(client_.publish("held", kNow).ok());
  client_.conversation.connected(kNow);
  ASSERT_TRUE(client_.next(kNow)->has_hello());
  v1::HubFrame welcome;
  welcome.mutable_welcome()->set_protocol(kProtocol);
  *welcome.mutable_welcome()->mutable_promise() = hub_.promise();
  welcome.mutable_welcome()->set_recovering(true);
  welcome.mutable_welcome()->set_publish_window_bytes(1000);
  welcome.mutable_welcome()->set_publish_window_items(10);
  client_.hear(welcome, kNow);
  v1::ClientFrame hello;
  hello.mutable_hello();
  hub_.hear(1, hello.SerializeAsString(), kNow);
  const auto attach = client_.next(kNow);
  ASSERT_TRUE(attach->has_attach());
  const auto publish = client_.next(kNow);
  ASSERT_TRUE(publish->has_publish());
  client_.say(*publish, hub_, kNow);
  ASSERT_EQ(client_.outbox->confirmed(), 1u);
  EXPECT_FALSE(client_.next(kNow)) << "the endpoint is not attached yet";
  client_.say(*attach, hub_, kNow);
  const auto told = client_.next(kNow);
  ASSERT_TRUE(told);
  EXPECT_TRUE(told->ping().resent());
  EXPECT_FALSE(client_.next(kNow)) << "once";
  EXPECT_TRUE(client_.next(kNow + seconds(5))->ping().resent()) << "and with every later one";
}

TEST_F(ConversationTest, ReceiptsAndActsGoBeforePublishes) {
  open();
  ASSERT_TRUE(client_.publish("event", kNow).ok());
  v1::Act act;
  act.set_team("X26-MIDWIFERY");
  act.set_number(1);
  act.set_kind(v1::ACT_KIND_OPEN);
  ASSERT_TRUE(client_.acts.submit(act, kNow).ok());
  client_.conversation.ask({});
  EXPECT_TRUE(client_.next(kNow)->has_attach());
  EXPECT_TRUE(client_.next(kNow)->has_read());
  EXPECT_TRUE(client_.next(kNow)->has_acts());
  EXPECT_TRUE(client_.next(kNow)->has_publish());
  EXPECT_FALSE(client_.next(kNow));
}

TEST_F(ConversationTest, ADrainingHubIsGivenNothingNewButItsAnswersCount) {
  open();
  ASSERT_TRUE(client_.next(kNow)->has_attach());
  ASSERT_TRUE(client_.publish("first", kNow).ok());
  const auto publish = client_.next(kNow);
  ASSERT_TRUE(publish->has_publish());
  v1::HubFrame draining;
  draining.mutable_draining();
  client_.hear(draining, kNow);
  ASSERT_TRUE(client_.publish("second", kNow).ok());
  EXPECT_FALSE(client_.next(kNow));
  client_.say(*publish, hub_, kNow);
  EXPECT_EQ(client_.outbox->confirmed(), 1u);
  EXPECT_FALSE(client_.next(kNow));
  EXPECT_TRUE(client_.conversation.wants_connection(kNow + seconds(10)));
}

TEST_F(ConversationTest, APageIsAskedAgainAfterAReconnectUntilItIsHere) {
  open();
  ASSERT_TRUE(client_.next(kNow)->has_attach());
  const uint64_t request = client_.conversation.ask({});
  ASSERT_TRUE(client_.next(kNow)->has_read());  // lost
  client_.conversation.disconnected();
  open();
  ASSERT_TRUE(client_.next(kNow)->has_attach());
  const auto again = client_.next(kNow);
  ASSERT_TRUE(again->has_read());
  EXPECT_EQ(again->read().request(), request);
  client_.say(*again, hub_, kNow);
  EXPECT_TRUE(client_.conversation.take_page(request));
  EXPECT_FALSE(client_.conversation.take_page(request));
}

TEST_F(ConversationTest, ARefusedFrameIsSaidAndTheSessionGoesOn) {
  open();
  v1::HubFrame refused;
  refused.mutable_refused()->set_code(v1::CODE_NOT_ALLOWED);
  refused.mutable_refused()->set_text("not your team");
  client_.hear(refused, kNow);
  EXPECT_TRUE(client_.session.open());
  EXPECT_FALSE(client_.session.alarm());
  EXPECT_EQ(client_.conversation.take_refusals().at(0).text(), "not your team");
}

TEST_F(ConversationTest, AnswersOfAnotherOutboxAreNotOurs) {
  open();
  ASSERT_TRUE(client_.next(kNow)->has_attach());
  ASSERT_TRUE(client_.publish("a", kNow).ok());
  ASSERT_TRUE(client_.next(kNow)->has_publish());
  v1::HubFrame accepted;
  accepted.mutable_accepted()->set_outbox(std::string(16, 'x'));
  accepted.mutable_accepted()->set_through(1);
  client_.hear(accepted, kNow);
  EXPECT_EQ(client_.outbox->confirmed(), 0u);
}

TEST_F(ConversationTest, CountsAreToldAgainInTheNextSessionUntilTheyAreAnswered) {
  open();
  v1::AdapterLedgers counts;
  counts.add_items()->set_listener("pas");
  const uint64_t request = client_.conversation.tell(counts);
  const auto told = [&] {
    auto frame = client_.next(kNow);
    while (frame && !frame->has_ledgers()) frame = client_.next(kNow);
    return frame;
  };
  ASSERT_TRUE(told().has_value());
  EXPECT_FALSE(told().has_value()) << "once in a session";
  client_.conversation.disconnected();
  hub_.forget(1);
  open();
  const auto again = told();
  ASSERT_TRUE(again.has_value());
  EXPECT_FALSE(client_.conversation.take_page(request).has_value());
  client_.say(*again, hub_, kNow);
  EXPECT_TRUE(client_.conversation.take_page(request).has_value());
  ASSERT_EQ(hub_.ledgers().size(), 1u);
}

}  // namespace
}  // namespace switchboard::sdk
