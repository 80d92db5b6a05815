#include "broker/core/hand_over.h"

#include <gmock/gmock.h>

#include "tests/support/ladder_world.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::LadderWorld;
using testing::HasSubstr;
using testing::SizeIs;

constexpr auto kAcknowledged = v1::DELIVERY_STATE_ACKNOWLEDGED;
constexpr auto kFinished = v1::DELIVERY_STATE_FINISHED;

TEST(HandOver, ItStaysWithTheGiverUntilTheOtherTeamTakesIt) {
  LadderWorld hub;
  hub.pick_up("X99-HV", "amy");
  EXPECT_EQ(hub.offer("X99-HV", "amy", "X99-MASH").code(), v1::CODE_OK);
  EXPECT_EQ(hub.state("X99-HV"), kAcknowledged);
  EXPECT_EQ(hub.delivery("X99-HV", 1).handed_to(), "X99-MASH");
  EXPECT_EQ(hub.take("X99-MASH", "meg").code(), v1::CODE_OK);
  EXPECT_EQ(hub.state("X99-HV"), kFinished);
  EXPECT_EQ(hub.state("X99-MASH"), kAcknowledged);
}
TEST(HandOver, AnAcknowledgementOfWhatWasOfferedIsATaking) {
  LadderWorld hub;
  hub.offer("X99-HV", "amy", "X99-MASH");
  EXPECT_EQ(hub.pick_up("X99-MASH", "meg").code(), v1::CODE_OK);
  EXPECT_EQ(hub.state("X99-HV"), kFinished);
  EXPECT_EQ(hub.inbox("X99-HV").back().change.change(), v1::CHANGE_TAKEN);
}
TEST(HandOver, TheGiversClockRunsOn) {
  LadderWorld hub;
  hub.offer("X99-HV", "amy", "X99-MASH");
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 2u);
  EXPECT_EQ(hub.delivery("X99-HV", 1).overdue_level(), 1u);
  EXPECT_EQ(hub.delivery("X99-MASH", 1).overdue_level(), 1u);
}
TEST(HandOver, TheOtherTeamHasTheGiversDeadline) {
  LadderWorld hub;
  hub.advance(seconds(600));
  hub.offer("X99-HV", "amy", "X99-MASH");
  EXPECT_EQ(hub.recipient("X99-MASH").cause(), v1::CAUSE_HANDOVER);
  EXPECT_EQ(hub.recipient("X99-MASH").acknowledge_by_us(),
            hub.recipient("X99-HV").acknowledge_by_us());
}
TEST(HandOver, WhatTheGiverHadPickedUpHasPolicysDeadlineAnew) {
  LadderWorld hub;
  hub.pick_up("X99-HV", "amy");
  hub.advance(seconds(86400));
  hub.offer("X99-HV", "amy", "X99-MASH");
  EXPECT_EQ(hub.recipient("X99-MASH").acknowledge_by_us(), (hub.now + seconds(7200)).us);
}
TEST(HandOver, AnOfferThatNobodyTakesInTimeIsToldToTheGiver) {
  LadderWorld hub;
  hub.pick_up("X99-HV", "amy");
  hub.offer("X99-HV", "amy", "X99-MASH");
  hub.advance(seconds(7200));
  hub.tick();
  const auto last = hub.inbox("X99-HV").back().change;
  EXPECT_EQ(last.change(), v1::CHANGE_OVERDUE);
  EXPECT_EQ(last.about_team(), "X99-MASH");
  EXPECT_EQ(last.refers_to(), 1u);
}
TEST(HandOver, DeclinedItStaysWithTheGiverAndEndsThere) {
  LadderWorld hub;
  hub.offer("X99-HV", "amy", "X99-MASH");
  EXPECT_EQ(hub.act("X99-MASH", "meg", v1::ACT_KIND_DECLINE).code(), v1::CODE_INVALID);
  const auto said = hub.act("X99-MASH", "meg", v1::ACT_KIND_DECLINE, "closed to us");
  EXPECT_EQ(said.code(), v1::CODE_OK) << said.text();
  EXPECT_EQ(hub.state("X99-MASH"), kFinished);
  EXPECT_EQ(hub.delivery("X99-HV", 1).handed_to(), "");
  EXPECT_EQ(hub.inbox("X99-HV").back().change.change(), v1::CHANGE_DECLINED);
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_EQ(hub.delivery("X99-HV", 1).overdue_level(), 1u);
}
TEST(HandOver, ATeamThatHadItBeforeKeepsItsOwnWhenItDeclines) {
  LadderWorld hub(Event("concern"));
  hub.offer("X99-HV", "amy", "X99-MASH");
  hub.act("X99-MASH", "meg", v1::ACT_KIND_DECLINE, "we have our own part");
  EXPECT_EQ(hub.pick_up("X99-MASH", "meg").code(), v1::CODE_OK);
  EXPECT_NE(hub.state("X99-HV"), kFinished);
}
TEST(HandOver, AnotherOfferWithdrawsTheOneBefore) {
  LadderWorld hub;
  hub.offer("X99-HV", "amy", "X99-MASH");
  EXPECT_EQ(hub.offer("X99-HV", "amy", "X99-DUTY").code(), v1::CODE_OK);
  EXPECT_EQ(hub.state("X99-MASH"), kFinished);
  EXPECT_EQ(hub.inbox("X99-MASH").back().change.to_team(), "X99-DUTY");
  EXPECT_EQ(hub.take("X99-MASH", "meg").code(), v1::CODE_CONFLICT);
  EXPECT_EQ(hub.take("X99-DUTY", "cat").code(), v1::CODE_OK);
}
TEST(HandOver, ItIsRefusedForTeamsThatCannotHaveItWithWhatToDo) {
  Event event = LadderWorld::routine_concern();
  event.header.mutable_audience()->add_never_agencies("X26");
  LadderWorld hub(event);
  EXPECT_EQ(hub.offer("X99-HV", "amy", "X99-NONE").code(), v1::CODE_INVALID);
  EXPECT_EQ(hub.offer("X99-HV", "amy", "X99-HV").code(), v1::CODE_INVALID);
  EXPECT_EQ(hub.offer("X99-HV", "amy", "X26-TRY").code(), v1::CODE_INVALID);
  EXPECT_THAT(hub.offer("X99-HV", "amy", "X26-MIDWIFERY").text(), HasSubstr("ring the sender"));
  v1::Directory change;
  v1::Team phone = hub.team("X99-MASH");
  phone.set_reach(v1::REACH_PHONE);
  *change.add_teams() = phone;
  hub.apply(change);
  EXPECT_THAT(hub.offer("X99-HV", "amy", "X99-MASH").text(), HasSubstr("ring it"));
  EXPECT_THAT(hub.told(hub.position), SizeIs(1));
}
TEST(HandOver, NeverToATeamThatSaidItIsNotTheirs) {
  LadderWorld hub;
  hub.refuse("X99-HV", "amy");
  EXPECT_EQ(hub.offer("X99-DUTY", "cat", "X99-HV").code(), v1::CODE_CONFLICT);
}
TEST(HandOver, WhatWasOnlyOfferedIsNotHandedOnNorRefused) {
  LadderWorld hub;
  hub.offer("X99-HV", "amy", "X99-MASH");
  EXPECT_EQ(hub.offer("X99-MASH", "meg", "X99-DUTY").code(), v1::CODE_CONFLICT);
  EXPECT_EQ(hub.refuse("X99-MASH", "meg").code(), v1::CODE_CONFLICT);
  EXPECT_EQ(hub.take("X99-DUTY", "cat").code(), v1::CODE_NOT_FOUND);
}
TEST(HandOver, InACircleItIsAlwaysOpenInOnePlace) {
  LadderWorld hub;
  hub.pick_up("X99-HV", "amy");
  hub.offer("X99-HV", "amy", "X99-DUTY");
  hub.take("X99-DUTY", "cat");
  hub.offer("X99-DUTY", "cat", "X99-HV");
  EXPECT_EQ(hub.take("X99-HV", "ben").code(), v1::CODE_OK);
  EXPECT_EQ(hub.state("X99-HV"), kAcknowledged);
  EXPECT_EQ(hub.state("X99-DUTY"), kFinished);
  EXPECT_THAT(hub.told(hub.position), SizeIs(2));
}

}  // namespace
}  // namespace switchboard::core
