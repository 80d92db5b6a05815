#include "adapters/sdk/acts.h"

#include <gtest/gtest.h>

#include "broker/kv/mem_kv.h"
#include "tests/support/fake_hub.h"
#include "tests/support/sdk_client.h"

namespace switchboard::sdk {
namespace {

using test::FakeHub;
using test::SdkClient;

constexpr Time kNow{1'800'000'000'000'000};

v1::Act act(v1::ActKind kind, uint64_t number) {
  v1::Act act;
  act.set_team("X26-MIDWIFERY");
  act.set_number(number);
  act.set_kind(kind);
  act.mutable_actor()->set_person("p1");
  if (kind == v1::ACT_KIND_FINISH) act.set_outcome("visited");
  return act;
}

class ActsTest : public ::testing::Test {
 protected:
  void open(SdkClient& client, Time now = kNow) {
    client.conversation.connected(now);
    client.talk(hub_, now);
  }
  std::vector<v1::ActKind> kinds() const {
    std::vector<v1::ActKind> list;
    for (const auto& done : hub_.acts()) list.push_back(done.kind());
    return list;
  }

  kv::MemKv kv_;
  FakeHub hub_;
};

TEST_F(ActsTest, AnActThatLeavesOutWhatItsKindNeedsIsNotTaken) {
  SdkClient client(kv_);
  const auto code = [&](const v1::Act& wanted) {
    const auto id = client.acts.submit(wanted, kNow);
    return id.ok() ? v1::CODE_OK : id.error().code;
  };
  v1::Act refusal = act(v1::ACT_KIND_NOT_OURS, 7);
  EXPECT_EQ(code(refusal), v1::CODE_INVALID);
  refusal.set_not_ours(v1::NOT_OURS_NEVER);
  EXPECT_EQ(code(refusal), v1::CODE_INVALID);
  refusal.set_not_ours(v1::NOT_OURS_NO_LONGER);
  EXPECT_EQ(code(refusal), v1::CODE_OK);
  EXPECT_EQ(code(act(v1::ACT_KIND_HAND_OVER, 7)), v1::CODE_INVALID);
  EXPECT_EQ(code(act(v1::ACT_KIND_DECLINE, 7)), v1::CODE_INVALID);
  EXPECT_EQ(code(act(v1::ACT_KIND_TAKE, 7)), v1::CODE_OK);
}
TEST_F(ActsTest, AnActIsDurableBeforeItIsSentAndRepeatedWithTheSameId) {
  Id id;
  {
    SdkClient client(kv_);
    id = client.acts.submit(act(v1::ACT_KIND_ACKNOWLEDGE, 7), kNow).value();
  }
  kv_.crash();
  SdkClient client(kv_);
  client.conversation.connected(kNow);
  const auto hello = client.next(kNow);
  client.say(*hello, hub_, kNow);
  for (auto frame = client.next(kNow); frame; frame = client.next(kNow)) {
    hub_.hear(1, frame->SerializeAsString(), kNow);  // taken, and the answer is lost
  }
  client.conversation.disconnected();
  open(client);
  ASSERT_EQ(hub_.acts().size(), 1u);
  EXPECT_EQ(hub_.acts()[0].act_id(), id.view());
  EXPECT_EQ(hub_.acts()[0].at_us(), kNow.us);
  const auto outcomes = client.acts.take_outcomes();
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].act_id, id);
  EXPECT_EQ(outcomes[0].code, v1::CODE_DUPLICATE);
  EXPECT_TRUE(client.acts.idle());
}

TEST_F(ActsTest, ActsOnOneDeliveryKeepTheirOrderWhenTheFirstMustWait) {
  SdkClient client(kv_);
  int busy = 1;
  hub_.judge_act = [&busy](const v1::Act& a) -> std::optional<v1::Code> {
    if (a.number() == 1 && a.kind() == v1::ACT_KIND_ACKNOWLEDGE && busy-- > 0) {
      return v1::CODE_BUSY;
    }
    return std::nullopt;
  };
  ASSERT_TRUE(client.acts.submit(act(v1::ACT_KIND_ACKNOWLEDGE, 1), kNow).ok());
  ASSERT_TRUE(client.acts.submit(act(v1::ACT_KIND_FINISH, 1), kNow).ok());
  ASSERT_TRUE(client.acts.submit(act(v1::ACT_KIND_OPEN, 2), kNow).ok());
  open(client);
  EXPECT_EQ(kinds(), std::vector<v1::ActKind>{v1::ACT_KIND_OPEN});
  client.talk(hub_, kNow + seconds(1));
  EXPECT_EQ(kinds(), (std::vector<v1::ActKind>{v1::ACT_KIND_OPEN, v1::ACT_KIND_ACKNOWLEDGE,
                                               v1::ACT_KIND_FINISH}));
  EXPECT_TRUE(client.acts.idle());
}

TEST_F(ActsTest, ARefusedActIsToldAndStaysListed) {
  SdkClient client(kv_);
  hub_.judge_act = [](const v1::Act&) { return std::optional(v1::CODE_CONFLICT); };
  ASSERT_TRUE(client.acts.submit(act(v1::ACT_KIND_ACKNOWLEDGE, 1), kNow).ok());
  open(client);
  EXPECT_EQ(client.acts.take_outcomes().at(0).code, v1::CODE_CONFLICT);
  EXPECT_EQ(client.acts_outbox->refusals(0, 10).value().size(), 1u);
  EXPECT_TRUE(client.acts.idle());
}

TEST(ActOn, NamesTheEventThePersonSawBesideItsNumber) {
  v1::Entry seen;
  seen.set_number(7);
  seen.mutable_notice()->set_event_id("0123456789abcdef");
  const v1::Act act = act_on("X26-ED", seen, v1::ACT_KIND_ACKNOWLEDGE, "amy");
  EXPECT_EQ(act.team(), "X26-ED");
  EXPECT_EQ(act.number(), 7u);
  EXPECT_EQ(act.event_id(), "0123456789abcdef");
  EXPECT_EQ(act.kind(), v1::ACT_KIND_ACKNOWLEDGE);
  EXPECT_EQ(act.actor().person(), "amy");
}

TEST_F(ActsTest, AnActWithoutWhatTheHubNeedsIsNotTaken) {
  SdkClient client(kv_);
  auto without_outcome = act(v1::ACT_KIND_FINISH, 1);
  without_outcome.clear_outcome();
  EXPECT_EQ(client.acts.submit(without_outcome, kNow).error().code, v1::CODE_INVALID);
  EXPECT_FALSE(client.acts.submit(act(v1::ACT_KIND_OPEN, 0), kNow).ok());
  EXPECT_TRUE(client.acts.idle());
}

}  // namespace
}  // namespace switchboard::sdk
