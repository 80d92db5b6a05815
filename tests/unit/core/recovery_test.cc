#include "broker/core/recovery.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "broker/core/epoch.h"
#include "broker/store/audit_chain.h"
#include "broker/store/records.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using testing::SizeIs;

Greeting greet(HubCore& hub, const v1::Promise& promise, const std::string& who = "pas",
               const v1::Promises& earlier = {}) {
  Greeting greeting;
  const auto from = hub.who(who);
  hub.turn([&](Core& c) { greeting = c.witness(from, promise, earlier); });
  return greeting;
}
Witness shown(HubCore& hub, const v1::Promise& promise, const std::string& who = "pas") {
  return greet(hub, promise, who).seen;
}
v1::Promise publish(HubCore& hub, const std::string& message) {
  hub.publish(Event("concern", message));
  return hub.core().promise();
}
// So many events, and the tail with all of them is gone.
struct Lost {
  uint64_t kept = 0;      // the last position that is left
  v1::Promise near, far;  // of the first and of the last event
};
Lost lose(HubCore& hub, int events) {
  auto before = hub.backup();
  Lost lost{.kept = hub.core().head().position, .near = publish(hub, "1"), .far = {}};
  for (int n = 2; n <= events; ++n) publish(hub, std::to_string(n));
  lost.far = hub.core().promise();
  hub.restore(std::move(before));
  return lost;
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
  const uint64_t epoch = hub.core().head().epoch;
  promise.set_position(promise.position() + 100);
  EXPECT_EQ(shown(hub, promise), Witness::kForged);
  EXPECT_FALSE(hub.core().recovery().recovering());
  EXPECT_EQ(hub.core().head().epoch, epoch);
}

// ---- an epoch for each opening (adr/0016) ----
TEST(Recovery, AnOrdinaryRestartIsNoLossAndCostsReadersNothing) {
  HubCore hub;
  publish(hub, "1");
  const auto promise = publish(hub, "2");
  const uint64_t epoch = hub.core().head().epoch;
  hub.attach("X99-HV", 2, "desk", promise);
  for (int restart = 0; restart < 3; ++restart) {
    hub.crash();
    const Greeting greeting = greet(hub, promise);
    EXPECT_EQ(greeting.seen, Witness::kAgrees);
    EXPECT_EQ(greeting.resend_from_us, 0);
    const Attachment attached = hub.attach("X99-HV", 2, "desk", promise);
    EXPECT_EQ(attached.common, 2u);
    EXPECT_EQ(attached.through, 2u);
    EXPECT_EQ(attached.head, 2u);
  }
  EXPECT_GT(hub.core().head().epoch, epoch);
  EXPECT_EQ(hub.core().head().openings, 4u);
  EXPECT_EQ(hub.core().recovery().losses(), 0u);
}
TEST(Recovery, AnotherHistoryAtThatPositionIsALossFromWhereTheyParted) {
  HubCore hub;
  auto before = hub.backup();
  const uint64_t kept = hub.core().head().position;
  const auto promise = publish(hub, "1");
  hub.restore(std::move(before));
  publish(hub, "2");
  publish(hub, "3");
  ASSERT_GT(hub.core().head().position, promise.position());
  EXPECT_EQ(shown(hub, promise), Witness::kLost);
  EXPECT_TRUE(hub.core().recovery().recovering());
  EXPECT_EQ(hub.core().recovery().current()->lost_after(), kept);
  EXPECT_FALSE(greet(hub, promise).found) << "known by now";
  EXPECT_EQ(hub.attach("X99-HV", 1, "screen", promise).common, 0u);
}
TEST(Recovery, TwoTailsLostUnseenAreToldApart) {
  HubCore hub;
  publish(hub, "1");
  auto first = hub.backup();
  const uint64_t first_kept = hub.core().head().position;
  const auto of_the_first = publish(hub, "2");
  hub.restore(std::move(first));
  publish(hub, "a");
  auto second = hub.backup();
  const uint64_t second_kept = hub.core().head().position;
  const auto of_the_second = publish(hub, "b");
  hub.restore(std::move(second));
  publish(hub, "c");
  // Nobody has shown anything so far; each comes back to just what it has in common with the hub.
  EXPECT_EQ(hub.attach("X99-HV", 2, "one", of_the_first).common, 1u);
  EXPECT_EQ(hub.core().recovery().current()->lost_after(), first_kept);
  EXPECT_EQ(hub.attach("X99-HV", 3, "two", of_the_second).common, 2u);
  EXPECT_EQ(hub.core().recovery().current()->lost_after(), second_kept);
}
TEST(Recovery, OfAnEpochThatIsNotHereTheEarlierOnesSayWhatIsInCommon) {
  HubCore hub;
  const auto kept = publish(hub, "1");
  auto before = hub.backup();
  hub.advance(seconds(60));
  hub.crash();
  const auto promise = publish(hub, "2");
  hub.advance(seconds(1));
  hub.restore(std::move(before));
  v1::Promises earlier;
  *earlier.add_items() = kept;
  const Greeting greeting = greet(hub, promise, "pas", earlier);
  EXPECT_EQ(greeting.seen, Witness::kLost);
  EXPECT_EQ(greeting.resend_from_us, support::kNoon.us);
  EXPECT_EQ(hub.core().recovery().current()->lost_after(), kept.position());
  EXPECT_EQ(greet(hub, promise).resend_from_us, 1) << "without them: everything";
  v1::Attach reader;
  reader.set_team("X99-HV");
  reader.set_log(v1::LOG_KIND_INBOX);
  reader.set_endpoint("screen");
  reader.set_through(2);
  reader.set_epoch(promise.epoch());
  *reader.mutable_covered() = promise;
  reader.mutable_earlier()->add_items()->set_through(1);
  reader.mutable_earlier()->mutable_items(0)->set_epoch(kept.epoch());
  Attachment attached;
  const auto who = hub.who("x99-hv");
  hub.turn([&](Core& c) { attached = c.attach(who, reader); });
  EXPECT_EQ(attached.code, v1::CODE_OK);
  EXPECT_EQ(attached.common, 1u);
}
TEST(Recovery, WhatAnotherCopySaidIsAForkAndAnEpochPastItBegins) {
  HubCore hub;
  auto before = hub.backup();
  auto copy = hub.backup();
  hub.advance(seconds(3600));
  hub.restore(std::move(copy));
  const auto promise = publish(hub, "1");
  hub.now = support::kNoon;  // this one was opened earlier
  hub.restore(std::move(before));
  ASSERT_LT(hub.core().head().epoch, promise.epoch());
  EXPECT_EQ(shown(hub, promise), Witness::kForked);
  EXPECT_TRUE(hub.core().recovery().recovering());
  EXPECT_GT(hub.core().head().epoch, promise.epoch()) << "or its clients would refuse this hub";
  EXPECT_GT(hub.core().head().position, promise.position());
  EXPECT_EQ(shown(hub, hub.core().promise()), Witness::kAgrees);
}
TEST(Epoch, IsPastTheOneBeforeWhateverTheClockSays) {
  Entropy entropy{{1}};
  const uint64_t first = next_epoch(0, support::kNoon, entropy);
  const uint64_t second = next_epoch(first, support::kNoon - seconds(3600), entropy);
  EXPECT_GT(second, first);
  EXPECT_GT(next_epoch(second, support::kNoon + seconds(1), entropy), second);
  EXPECT_LT(next_epoch(0, {}, entropy), first);
}
TEST(Epoch, TwoCopiesOpenedAtTheSameMomentDiffer) {
  Entropy one{{1}};
  Entropy two{{2}};
  EXPECT_NE(next_epoch(7, support::kNoon, one), next_epoch(7, support::kNoon, two));
}

// ---- witnesses of a loss ----
TEST(Recovery, APromiseBeyondTheEndOfItsEpochIsALostTailAndPositionsGoOnPastIt) {
  HubCore hub;
  auto before = hub.backup();
  const uint64_t kept = hub.core().head().position;
  for (int n = 0; n < 9; ++n) publish(hub, std::to_string(n));
  const auto promise = hub.core().promise();
  hub.restore(std::move(before));
  EXPECT_EQ(shown(hub, promise), Witness::kLost);
  EXPECT_TRUE(hub.core().recovery().recovering());
  EXPECT_GT(hub.core().head().position, promise.position());
  const auto losses = store::read_losses(hub.kv()).value();
  ASSERT_THAT(losses, SizeIs(1));
  EXPECT_EQ(losses[0].lost_after(), kept);
  EXPECT_EQ(losses[0].lost_through(), promise.position());
  EXPECT_EQ(losses[0].witness(), "pas");
  const auto greeting = greet(hub, promise);
  EXPECT_FALSE(greeting.found) << "known by now";
  EXPECT_EQ(greeting.resend_after, kept) << "P1: one more, and the first lost one never comes";
}
TEST(Recovery, ASecondWitnessOfTheSameLossWidensIt) {
  HubCore hub;
  const auto [kept, near, far] = lose(hub, 11);
  shown(hub, near);
  EXPECT_EQ(shown(hub, far, "rio"), Witness::kLost);
  const auto losses = store::read_losses(hub.kv()).value();
  EXPECT_EQ(losses.back().lost_after(), kept);
  EXPECT_EQ(losses.back().lost_through(), far.position());
  EXPECT_GT(hub.core().head().position, far.position());
}
TEST(Recovery, ALateWitnessOfTheLostTailIsNoFork) {
  HubCore hub;
  const auto [kept, near, far] = lose(hub, 5);
  shown(hub, near);
  hub.turn([](Core& c) { c.release_recovery("ops"); });
  for (int n = 20; n < 40; ++n) publish(hub, std::to_string(n));
  ASSERT_GT(hub.core().head().position, far.position());
  EXPECT_EQ(shown(hub, far, "rio"), Witness::kLost);
  EXPECT_TRUE(hub.core().recovery().recovering());
  EXPECT_EQ(store::read_losses(hub.kv()).value().back().lost_after(), kept);
  EXPECT_FALSE(greet(hub, far, "rio").found);
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
  EXPECT_EQ(greet(hub, promise).resend_from_us, kept.us);
  EXPECT_EQ(greet(hub, hub.core().promise()).resend_from_us, 0);
  EXPECT_EQ(greet(hub, {}).resend_from_us, 0);
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
TEST(Recovery, TheHoldEndsWhenAllKnownClientsHaveResentNotWhenTheySayHello) {
  Overdue hub;
  for (const auto& [id, row] : hub.core().directory()->principals()) {
    if (id != "admin") greet(hub, hub.core().promise(), id);
  }
  for (const auto& [id, row] : hub.core().directory()->principals()) {
    if (id == "admin") continue;
    EXPECT_EQ(hub.tick(), 0u) << id;
    const v1::PrincipalRow from = row.row;
    hub.turn([&](Core& c) { c.resent(from); });
  }
  EXPECT_EQ(hub.tick(), 2u);
}
// It cannot speak: waiting for it would hold back every deadline of every child.
TEST(Recovery, TheHoldDoesNotWaitForAKeyThatHasExpired) {
  Overdue hub;
  v1::Directory change;
  *change.add_principals() = hub.who("rio");
  change.mutable_principals(0)->set_expires(to_string(london_day(hub.now)));
  ASSERT_EQ(hub.apply(change).problems_size(), 0);
  for (const auto& [id, row] : hub.core().directory()->principals()) {
    if (id == "admin" || id == "rio") continue;
    const v1::PrincipalRow from = row.row;
    hub.turn([&](Core& c) { c.resent(from); });
  }
  EXPECT_EQ(hub.tick(seconds(7 * 86'400)), 0u) << "it is taken today";
  hub.advance(seconds(86'400));
  EXPECT_EQ(hub.tick(seconds(7 * 86'400)), 2u);
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
  const auto promise = publish(hub, "3");
  hub.restore(std::move(before));
  const Attachment attached = hub.attach("X99-HV", 3, "desk", promise);
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
  const Attachment late = hub.attach("X99-HV", 3, "screen", promise);
  EXPECT_EQ(late.code, v1::CODE_OK);
  EXPECT_LT(late.through, 2u);
}
TEST(Recovery, NumbersThatNoPromiseCoversAreRefusedAndStartNothing) {
  HubCore hub;
  const auto promise = publish(hub, "1");
  auto forged = promise;
  forged.set_position(promise.position() + 1000);
  for (const v1::Promise& covered : {promise, forged, v1::Promise{}}) {
    EXPECT_EQ(hub.attach("X99-HV", 5, "desk", covered).code, v1::CODE_STALE_EPOCH);
  }
  EXPECT_FALSE(hub.core().recovery().recovering());
  EXPECT_THAT(hub.inbox("X99-HV"), SizeIs(1));
  int audited = 0;
  const Status read = store::for_each_block(hub.kv(), 0, [&](const auto& block, std::string_view) {
    for (const auto& entry : block.entries()) {
      audited += entry.kind() == v1::AUDIT_KIND_UNPROVED && entry.principal() == "x99-hv";
    }
    return true;
  });
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(audited, 1) << "once, however often it asks";
}
TEST(Recovery, MoreNumbersThanAreFilledAreRefused) {
  HubCore hub;
  auto before = hub.backup();
  const auto promise = publish(hub, "1");
  hub.restore(std::move(before));
  const uint64_t far = limits::kLostNumbersMax + 1;
  EXPECT_EQ(hub.attach("X99-HV", far, "desk", promise).code, v1::CODE_STALE_EPOCH);
  EXPECT_THAT(hub.inbox("X99-HV"), SizeIs(0));
}

}  // namespace
}  // namespace switchboard::core
