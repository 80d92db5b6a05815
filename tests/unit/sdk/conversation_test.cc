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
  // Of a hub that lost what lay beyond a position, by its clock written at that time.
  static v1::HubFrame welcome_after(uint64_t position, Time left, uint64_t epoch = 9) {
    v1::HubFrame frame;
    v1::Welcome& welcome = *frame.mutable_welcome();
    welcome.set_protocol(kProtocol);
    welcome.mutable_promise()->set_epoch(epoch);
    welcome.mutable_promise()->set_position(1000 * epoch);
    welcome.set_resend_from_us(static_cast<uint64_t>(left.us));
    welcome.set_resend_after(position);
    welcome.set_now_us(kNow.us);
    return frame;
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

// P1: by position, as either clock may have been days off when an answer was given, and have been
// set right since. Old: the item was sent again only if its minute was less than a day older than
// what the hub had left.
TEST_F(ConversationTest, WhatARecoveringHubAsksForIsSentAgainWhateverAnybodysClockWas) {
  const Duration days = seconds(5 * 86'400);
  for (const Time answered : {kNow, kNow - days, kNow + days}) {
    for (const Time left : {kNow, kNow - days, kNow + days}) {
      kv::MemKv disk;
      SdkClient client(disk);
      ASSERT_TRUE(client.publish("kept", answered).ok());
      ASSERT_TRUE(client.publish("lost", answered).ok());
      ASSERT_TRUE(client.outbox->confirm(1, {}, {answered, 100}).ok());
      client.conversation.connected(kNow);
      ASSERT_TRUE(client.next(kNow)->has_hello());
      client.hear(welcome_after(100, left), kNow);
      EXPECT_EQ(client.outbox->confirmed(), 1u) << "at that position the hub has it";
      ASSERT_TRUE(client.outbox->confirm(2, {}, {answered, 101}).ok());
      client.conversation.disconnected();
      client.conversation.connected(kNow);
      ASSERT_TRUE(client.next(kNow)->has_hello());
      client.hear(welcome_after(100, left, 10), kNow);
      EXPECT_LT(client.outbox->confirmed(), 2u)
          << "answered " << (answered - kNow).us << " left " << (left - kNow).us;
    }
  }
}

// A later act may be answered while an earlier one still waits: they are confirmed together, by the
// promise that came with the later one.
TEST_F(ConversationTest, ActsAreAskedForAgainByThePositionOfTheirOwnAnswers) {
  open();
  ASSERT_TRUE(client_.next(kNow)->has_attach());
  for (uint64_t number = 1; number <= 2; ++number) {
    v1::Act act;
    act.set_team("X26-MIDWIFERY");
    act.set_number(number);
    act.set_kind(v1::ACT_KIND_OPEN);
    ASSERT_TRUE(client_.acts.submit(act, kNow).ok());
  }
  const auto acts = client_.next(kNow);
  ASSERT_EQ(acts->acts().items_size(), 2);
  const auto answer = [&](int which, uint64_t position) {
    v1::HubFrame frame;
    v1::ActOutcome& outcome = *frame.mutable_acted()->add_items();
    outcome.set_act_id(acts->acts().items(which).act_id());
    outcome.set_code(v1::CODE_OK);
    *frame.mutable_acted()->mutable_promise() = hub_.promise();
    frame.mutable_acted()->mutable_promise()->set_position(position);
    client_.hear(frame, kNow);
  };
  answer(1, 90);
  answer(0, 80);
  ASSERT_EQ(client_.acts_outbox->confirmed(), 2u);
  client_.conversation.disconnected();
  client_.conversation.connected(kNow);
  ASSERT_TRUE(client_.next(kNow)->has_hello());
  client_.hear(welcome_after(85, kNow), kNow);
  EXPECT_EQ(client_.acts_outbox->confirmed(), 0u);
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
