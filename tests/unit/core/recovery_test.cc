#include "broker/core/recovery.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "broker/store/audit_chain.h"
#include "broker/store/records.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using testing::SizeIs;

Witness shown(HubCore& hub, const v1::Promise& promise, const std::string& who = "pas") {
  Witness seen = Witness::kAgrees;
  const auto from = hub.who(who);
  hub.turn([&](Core& c) { seen = c.witness(from, promise).value(); });
  return seen;
}
v1::Promise publish(HubCore& hub, const std::string& message) {
  hub.publish(Event("concern", message));
  return hub.core().promise();
}

TEST(Recovery, APromiseWeStandAtOrPastAgrees) {
  HubCore hub;
  EXPECT_EQ(shown(hub, {}), Witness::kAgrees);
  const auto early = publish(hub, "1");
  EXPECT_EQ(shown(hub, early), Witness::kAgrees);
  publish(hub, "2");
  EXPECT_EQ(shown(hub, early), Witness::kAgrees);
  EXPECT_FALSE(hub.core().recovery().recovering());
}
TEST(Recovery, AForgedPromiseIsIgnored) {
  HubCore hub;
  auto promise = publish(hub, "1");
  promise.set_position(promise.position() + 100);
  EXPECT_EQ(shown(hub, promise), Witness::kForged);
  EXPECT_FALSE(hub.core().recovery().recovering());
  EXPECT_EQ(hub.core().head().epoch, 1u);
}
TEST(Recovery, AnotherChainAtThatPositionIsAForkAndAskedForAgainFromTheStart) {
  HubCore hub;
  auto before = hub.backup();
  const auto promise = publish(hub, "1");
  hub.restore(std::move(before));
  publish(hub, "2");
  publish(hub, "3");
  EXPECT_EQ(shown(hub, promise), Witness::kForked);
  EXPECT_TRUE(hub.core().recovery().recovering());
  EXPECT_EQ(hub.core().recovery().current()->lost_after(), 0u);
  EXPECT_EQ(hub.core().head().epoch, 2u);
  EXPECT_EQ(shown(hub, promise), Witness::kAgrees);             // known by now
  EXPECT_EQ(hub.attach("X99-HV", 1, "screen", 1).through, 0u);  // nothing is known to be in common
}
TEST(Recovery, APromiseBeyondTheHeadBeginsAnEpochPastIt) {
  HubCore hub;
  auto before = hub.backup();
  const uint64_t kept = hub.core().head().position;
  const auto promise = publish(hub, "1");
  hub.restore(std::move(before));
  EXPECT_EQ(shown(hub, promise), Witness::kLost);
  EXPECT_TRUE(hub.core().recovery().recovering());
  EXPECT_EQ(hub.core().head().epoch, 2u);
  EXPECT_GT(hub.core().head().position, promise.position());
  const auto losses = store::read_losses(hub.kv()).value();
  ASSERT_THAT(losses, SizeIs(1));
  EXPECT_EQ(losses[0].lost_after(), kept);
  EXPECT_EQ(losses[0].lost_through(), promise.position());
  EXPECT_EQ(losses[0].witness(), "pas");
  EXPECT_EQ(shown(hub, promise), Witness::kAgrees);  // known by now
}
TEST(Recovery, ASecondWitnessOfTheSameLossWidensIt) {
  HubCore hub;
  auto before = hub.backup();
  const uint64_t kept = hub.core().head().position;
  const auto near = publish(hub, "1");
  for (int n = 2; n < 12; ++n) publish(hub, std::to_string(n));
  const auto far = hub.core().promise();
  hub.restore(std::move(before));
  shown(hub, near);
  EXPECT_EQ(shown(hub, far, "rio"), Witness::kLost);
  const auto losses = store::read_losses(hub.kv()).value();
  EXPECT_EQ(losses.back().lost_after(), kept);
  EXPECT_EQ(losses.back().lost_through(), far.position());
  EXPECT_GT(hub.core().head().position, far.position());
}
TEST(Recovery, ALateWitnessOfTheLostTailIsNoFork) {
  HubCore hub;
  auto before = hub.backup();
  const uint64_t kept = hub.core().head().position;
  const auto near = publish(hub, "1");
  for (int n = 2; n < 6; ++n) publish(hub, std::to_string(n));
  const auto far = hub.core().promise();
  hub.restore(std::move(before));
  shown(hub, near);
  hub.turn([](Core& c) { c.release_recovery("ops"); });
  for (int n = 20; n < 40; ++n) publish(hub, std::to_string(n));
  ASSERT_GT(hub.core().head().position, far.position());
  EXPECT_EQ(shown(hub, far, "rio"), Witness::kLost);
  EXPECT_TRUE(hub.core().recovery().recovering());
  EXPECT_EQ(store::read_losses(hub.kv()).value().back().lost_after(), kept);
  EXPECT_EQ(shown(hub, far, "rio"), Witness::kAgrees);
}
TEST(Recovery, TheChainHoldsAcrossAnEpoch) {
  HubCore hub;
  auto before = hub.backup();
  const auto promise = publish(hub, "1");
  hub.restore(std::move(before));
  shown(hub, promise);
  publish(hub, "1");
  Hash head{};
  const Status status =
      store::for_each_block(hub.kv(), 0, [&](const auto& block, std::string_view bytes) {
        EXPECT_EQ(block.previous(), view(head));
        head = store::chain(head, bytes);
        return true;
      });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(head, hub.core().head().chain);
  EXPECT_EQ(shown(hub, hub.core().promise()), Witness::kAgrees);
}
TEST(Recovery, AClientThatWasAwayThroughTheHoldIsStillAskedForWhatWasLost) {
  HubCore hub;
  auto before = hub.backup();
  const Time kept = hub.core().head().time;
  hub.advance(seconds(60));
  const auto promise = publish(hub, "1");
  hub.restore(std::move(before));
  shown(hub, promise, "rio");
  hub.turn([](Core& c) { c.release_recovery("ops"); });
  EXPECT_EQ(hub.core().recovery().resend_from_us(promise), kept.us);
  EXPECT_EQ(hub.core().recovery().resend_from_us(hub.core().promise()), 0);
  EXPECT_EQ(hub.core().recovery().resend_from_us({}), 0);
}
TEST(Recovery, ALossBeganWhereTheStoreWasOpenedNotWhereTheHubStandsByNow) {
  HubCore hub;
  auto before = hub.backup();
  const uint64_t kept = hub.core().head().position;
  for (int n = 0; n < 9; ++n) publish(hub, "old " + std::to_string(n));
  const auto promise = hub.core().promise();
  hub.restore(std::move(before));
  publish(hub, "new");  // before anybody showed the loss
  EXPECT_EQ(shown(hub, promise), Witness::kLost);
  EXPECT_EQ(hub.core().recovery().current()->lost_after(), kept);
}
TEST(Recovery, GoesOnAfterARestartUntilItIsReleased) {
  HubCore hub;
  auto before = hub.backup();
  const auto promise = publish(hub, "1");
  hub.restore(std::move(before));
  shown(hub, promise);
  hub.crash();
  EXPECT_TRUE(hub.core().recovery().recovering());
  hub.turn([](Core& c) { c.release_recovery("ops"); });
  EXPECT_FALSE(hub.core().recovery().recovering());
  hub.crash();
  EXPECT_FALSE(hub.core().recovery().recovering());
  EXPECT_EQ(hub.core().recovery().current()->released_by(), "ops");
}

// A hub whose only event is overdue, and which has lost a tail since.
struct Overdue : HubCore {
  Overdue() {
    publish(Event("concern", "overdue"));
    auto before = backup();
    publish(Event("concern", "lost"));
    const auto promise = core().promise();
    restore(std::move(before));
    advance(seconds(7200));
    shown(*this, promise);
  }
};
TEST(Recovery, NothingRingsUntilTheHoldIsOver) {
  Overdue hub;
  EXPECT_EQ(hub.tick(), 0u);
  hub.advance(seconds(599));
  EXPECT_EQ(hub.tick(), 0u);
  hub.advance(seconds(1));
  EXPECT_EQ(hub.tick(), 2u);
  EXPECT_FALSE(hub.core().recovery().recovering());
}
TEST(Recovery, TheHoldEndsWhenAllKnownClientsHaveReported) {
  Overdue hub;
  for (const auto& [id, row] : hub.core().directory()->principals()) {
    if (id == "admin") continue;
    EXPECT_EQ(hub.tick(), 0u) << id;
    const v1::PrincipalRow from = row.row;
    hub.turn([&](Core& c) { (void)c.witness(from, {}); });
  }
  EXPECT_EQ(hub.tick(), 2u);
}
TEST(Recovery, TheHubStaysOpenWhileItRecovers) {
  Overdue hub;
  const Answer answer = hub.publish(Event("concern", "new"));
  EXPECT_EQ(answer.code, v1::CODE_OK);
  EXPECT_THAT(hub.told(answer.position), SizeIs(2));
}
TEST(Recovery, ALostItemSentAgainIsAcceptedAgain) {
  Overdue hub;
  EXPECT_EQ(hub.publish(Event("concern", "lost")).code, v1::CODE_OK);
  EXPECT_EQ(hub.publish(Event("concern", "lost")).code, v1::CODE_DUPLICATE);
}

// ---- numbers that were lost ----
TEST(Recovery, ANumberTheHubLostGetsAPlaceholderThatNamesNothing) {
  HubCore hub;
  publish(hub, "1");
  auto before = hub.backup();
  publish(hub, "2");
  publish(hub, "3");
  hub.restore(std::move(before));
  const Attachment attached = hub.attach("X99-HV", 3);
  EXPECT_EQ(attached.code, v1::CODE_OK);
  EXPECT_EQ(attached.head, 3u);
  EXPECT_EQ(attached.through, 1u);  // it is told that 2 and 3 are placeholders now
  const auto inbox = hub.inbox("X99-HV");
  EXPECT_EQ(inbox[1].type, v1::ENTRY_TYPE_PLACEHOLDER);
  EXPECT_EQ(inbox[2].reason, v1::PLACEHOLDER_REASON_RESTORED_OVER);
  EXPECT_TRUE(hub.core().recovery().recovering());
  publish(hub, "2");
  EXPECT_THAT(hub.inbox("X99-HV"), SizeIs(4));
}
TEST(Recovery, ANumberGivenAgainAfterALossIsNotTakenForTheLostOne) {
  HubCore hub;
  publish(hub, "1");
  auto before = hub.backup();
  publish(hub, "2");
  const auto promise = publish(hub, "3");
  hub.restore(std::move(before));
  publish(hub, "other");  // takes number 2 before anybody showed what was lost
  ASSERT_EQ(shown(hub, promise), Witness::kLost);
  const Attachment late = hub.attach("X99-HV", 3, "screen", 1);
  EXPECT_EQ(late.code, v1::CODE_OK);
  EXPECT_LT(late.through, 2u);
}
TEST(Recovery, ANumberFarBeyondIsRefused) {
  HubCore hub;
  EXPECT_EQ(hub.attach("X99-HV", limits::kLostNumbersMax + 1).code, v1::CODE_STALE_EPOCH);
  EXPECT_FALSE(hub.core().recovery().recovering());
}

}  // namespace
}  // namespace switchboard::core
