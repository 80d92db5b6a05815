#include "broker/core/undo.h"

#include <gmock/gmock.h>

#include "broker/core/before.h"
#include "tests/support/ladder_world.h"

namespace switchboard::core {
namespace {

using support::act_id;
using support::Event;
using support::LadderWorld;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kAcknowledged = v1::DELIVERY_STATE_ACKNOWLEDGED;
constexpr auto kFinished = v1::DELIVERY_STATE_FINISHED;

TEST(Undo, GivesBackTheOriginalDeadline) {
  LadderWorld hub;
  hub.pick_up("X99-HV", "amy");
  hub.advance(seconds(60));
  const auto said = hub.undo("X99-HV", "ben", act_id(1));  // any member of the team
  EXPECT_EQ(said.code(), v1::CODE_OK) << said.text();
  EXPECT_EQ(hub.inbox("X99-HV").back().change.change(), v1::CHANGE_UNDONE);
  hub.advance(seconds(7200 - 61));
  EXPECT_EQ(hub.tick(), 0u);
  hub.advance(seconds(1));
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_EQ(hub.delivery("X99-HV", 1).overdue_level(), 1u);
}
TEST(Undo, AfterTheDeadlineHasPassedItIsDueAtOnceAlsoAcrossACrash) {
  LadderWorld hub;
  hub.advance(seconds(7100));
  hub.pick_up("X99-HV", "amy");
  hub.advance(seconds(200));
  EXPECT_EQ(hub.tick(), 0u);
  hub.undo("X99-HV", "amy", act_id(1));
  hub.crash();
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_EQ(hub.delivery("X99-HV", 1).overdue_level(), 1u);
}
TEST(Undo, NothingIsRemovedFromTheHistory) {
  LadderWorld hub;
  hub.pick_up("X99-HV", "amy");
  hub.undo("X99-HV", "ben", act_id(1));
  const auto delivery = hub.delivery("X99-HV", 1);
  ASSERT_EQ(delivery.steps_size(), 2);
  EXPECT_EQ(delivery.steps(0).act(), v1::ACT_KIND_ACKNOWLEDGE);
  EXPECT_EQ(delivery.steps(1).act(), v1::ACT_KIND_UNDO);
  EXPECT_EQ(delivery.steps(1).actor().person(), "ben");
}
TEST(Undo, OnlyWithinPolicysWindow) {
  LadderWorld hub;
  v1::Directory change;
  *change.mutable_policy() = hub.core().directory()->policy().row;
  change.mutable_policy()->set_undo_within_s(10);
  hub.apply(change);
  hub.pick_up("X99-HV", "amy");
  hub.advance(seconds(11));
  EXPECT_EQ(hub.undo("X99-HV", "amy", act_id(1)).code(), v1::CODE_CONFLICT);
  EXPECT_EQ(hub.state("X99-HV"), kAcknowledged);
}
TEST(Undo, OnlyTheNewestActThatStands) {
  LadderWorld hub;
  hub.pick_up("X99-HV", "amy");
  hub.act("X99-HV", "amy", v1::ACT_KIND_ACTION, "rang");
  hub.act("X99-HV", "ben", v1::ACT_KIND_FINISH, "seen");
  EXPECT_EQ(hub.undo("X99-HV", "amy", act_id(1)).code(), v1::CODE_CONFLICT);
  EXPECT_EQ(hub.undo("X99-HV", "amy", act_id(3)).state(), v1::DELIVERY_STATE_ACTIONED);
  EXPECT_EQ(hub.undo("X99-HV", "amy", act_id(3)).code(), v1::CODE_CONFLICT);
  EXPECT_EQ(hub.undo("X99-HV", "amy", act_id(2)).state(), kAcknowledged);
  EXPECT_EQ(hub.undo("X99-HV", "amy", act_id(1)).state(), v1::DELIVERY_STATE_QUEUED);
}
TEST(Undo, ARepeatOfTheSameUndoIsTheFirstAnswer) {
  LadderWorld hub;
  hub.pick_up("X99-HV", "amy");
  v1::Act undo = hub.make("X99-HV", "amy", v1::ACT_KIND_UNDO);
  undo.set_undoes(act_id(1));
  const auto first = hub.act(undo);
  hub.pick_up("X99-HV", "ben");
  const auto again = hub.act(undo);
  EXPECT_EQ(again.position(), first.position());
  EXPECT_EQ(again.state(), first.state());
  EXPECT_EQ(hub.state("X99-HV"), kAcknowledged);  // ben's stands
}
TEST(Undo, WithoutAnIdItIsTheNewestOfThePerson) {
  LadderWorld hub;
  hub.pick_up("X99-HV", "amy");
  EXPECT_EQ(hub.undo("X99-HV", "ben").code(), v1::CODE_NOT_FOUND);
  EXPECT_EQ(hub.undo("X99-HV", "amy").code(), v1::CODE_OK);
  EXPECT_EQ(hub.undo("X99-HV", "amy").code(), v1::CODE_CONFLICT);
}
TEST(Undo, OpeningAnotherTeamsActAndAnUnknownOneCannotBeUndone) {
  LadderWorld hub(Event("concern"));
  hub.act("X99-HV", "amy", v1::ACT_KIND_OPEN);
  EXPECT_EQ(hub.undo("X99-HV", "amy", act_id(1)).code(), v1::CODE_CONFLICT);
  hub.pick_up("X99-MASH", "meg");
  EXPECT_EQ(hub.undo("X99-HV", "amy", act_id(3)).code(), v1::CODE_NOT_FOUND);
  EXPECT_EQ(hub.undo("X99-HV", "amy", act_id(99)).code(), v1::CODE_NOT_FOUND);
}
TEST(Undo, WhatWasNotOursComesBackAndEndsWhereItWent) {
  LadderWorld hub;
  hub.refuse("X99-HV", "amy");
  EXPECT_EQ(hub.undo("X99-HV", "amy", act_id(1)).code(), v1::CODE_OK);
  EXPECT_EQ(hub.state("X99-DUTY"), kFinished);
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_EQ(hub.delivery("X99-HV", 1).overdue_level(), 1u);
  EXPECT_EQ(hub.delivery("X99-DUTY", 1).overdue_level(), 0u);
}
TEST(Undo, WhatSomebodyHasOpenedSinceStaysThereAndTheTextSaysWho) {
  LadderWorld hub;
  hub.refuse("X99-HV", "amy");
  hub.act("X99-DUTY", "cat", v1::ACT_KIND_OPEN);
  const auto said = hub.undo("X99-HV", "amy", act_id(1));
  EXPECT_EQ(said.code(), v1::CODE_CONFLICT);
  EXPECT_THAT(said.text(), HasSubstr("cat of X99-DUTY"));
}
TEST(Undo, AnOfferThatWasNotTakenIsWithdrawn) {
  LadderWorld hub;
  hub.offer("X99-HV", "amy", "X99-MASH");
  EXPECT_EQ(hub.undo("X99-HV", "amy", act_id(1)).code(), v1::CODE_OK);
  EXPECT_EQ(hub.state("X99-MASH"), kFinished);
  EXPECT_EQ(hub.delivery("X99-HV", 1).handed_to(), "");
  EXPECT_EQ(hub.inbox("X99-MASH").back().change.change(), v1::CHANGE_UNDONE);
}
TEST(Undo, AnOfferThatWasTakenStaysTaken) {
  LadderWorld hub;
  hub.offer("X99-HV", "amy", "X99-MASH");
  hub.take("X99-MASH", "meg");
  const auto said = hub.undo("X99-HV", "amy", act_id(1));
  EXPECT_EQ(said.code(), v1::CODE_CONFLICT);
  EXPECT_THAT(said.text(), HasSubstr("meg of X99-MASH"));
}
TEST(Undo, ATakingGivesItBackToTheGiverAndTheOfferStands) {
  LadderWorld hub;
  hub.pick_up("X99-HV", "amy");
  hub.offer("X99-HV", "amy", "X99-MASH");
  hub.pick_up("X99-MASH", "meg");
  EXPECT_EQ(hub.undo("X99-MASH", "meg", act_id(3)).code(), v1::CODE_OK);
  EXPECT_EQ(hub.state("X99-HV"), kAcknowledged);
  EXPECT_EQ(hub.delivery("X99-HV", 1).handed_to(), "X99-MASH");
  EXPECT_EQ(hub.take("X99-MASH", "meg").code(), v1::CODE_OK);
}
TEST(Undo, OfAnOfferThatReplacedAnotherMakesTheFirstStandAgain) {
  LadderWorld hub;
  hub.offer("X99-HV", "amy", "X99-MASH");
  hub.offer("X99-HV", "amy", "X99-DUTY");
  EXPECT_EQ(hub.undo("X99-HV", "amy", act_id(2)).code(), v1::CODE_OK);
  EXPECT_EQ(hub.state("X99-DUTY"), kFinished);
  EXPECT_EQ(hub.take("X99-MASH", "meg").code(), v1::CODE_OK);
  EXPECT_EQ(hub.state("X99-HV"), kFinished);
}
TEST(Undo, OfAVoidedEventStartsNoClock) {
  Event event = LadderWorld::routine_concern();
  *event.header.add_threads() = support::visit("V1");
  LadderWorld hub(event);
  hub.pick_up("X99-HV", "amy");
  hub.publish(support::correction("2", "V1", "concern", v1::CORRECTION_NATURE_VOID));
  hub.undo("X99-HV", "amy", act_id(1));
  EXPECT_EQ(hub.delivery("X99-HV", 1).clock(), v1::DUE_CLOCK_UNSPECIFIED);
}
TEST(Before, ComesBackAsItWasWrittenAndBytesThatAreNoneAreNothing) {
  Before before{7, 3, true, {}};
  before.record.set_handed_to("X99-MASH");
  const std::string bytes = encode({before, {8, 1, false, {}}});
  const auto back = decode_before(bytes);
  ASSERT_EQ(back.size(), 2u);
  EXPECT_TRUE(back[0].told_by_it);
  EXPECT_EQ(back[0].number, 3u);
  EXPECT_EQ(back[0].record.handed_to(), "X99-MASH");
  EXPECT_EQ(back[1].team, 8u);
  EXPECT_THAT(decode_before(bytes.substr(0, bytes.size() - 1)), IsEmpty());
  EXPECT_THAT(decode_before(std::string(17, '\xff')), IsEmpty());
}

}  // namespace
}  // namespace switchboard::core
