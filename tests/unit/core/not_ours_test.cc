#include "broker/core/not_ours.h"

#include <gmock/gmock.h>

#include "broker/core/journey.h"
#include "tests/support/ladder_world.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::LadderWorld;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr auto kFinished = v1::DELIVERY_STATE_FINISHED;

TEST(NotOurs, TheNextCandidateHasItByTheSameDeadline) {
  LadderWorld hub;
  const int64_t by = hub.recipient("X99-HV").acknowledge_by_us();
  hub.advance(seconds(1800));
  const auto said = hub.refuse("X99-HV", "amy");
  EXPECT_EQ(said.code(), v1::CODE_OK) << said.text();
  EXPECT_EQ(said.state(), kFinished);
  const auto next = hub.recipient("X99-DUTY");
  EXPECT_EQ(next.cause(), v1::CAUSE_REROUTE);
  EXPECT_EQ(next.attention(), v1::ATTENTION_ACT);
  EXPECT_EQ(next.acknowledge_by_us(), by);
  EXPECT_THAT(next.facts(), HasSubstr("X99-HV"));
}
TEST(NotOurs, ItsOwnClockStopsAndThatOfTheNextRings) {
  LadderWorld hub;
  hub.refuse("X99-HV", "amy");
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_EQ(hub.delivery("X99-HV", 1).overdue_level(), 0u);
  EXPECT_EQ(hub.delivery("X99-DUTY", 1).overdue_level(), 1u);
}
TEST(NotOurs, ADeadlineThatHasPassedIsDueAtOnceWhereItIsNow) {
  LadderWorld hub;
  hub.pick_up("X99-HV", "amy");
  hub.advance(seconds(3 * 7200));
  EXPECT_EQ(hub.tick(), 0u);
  hub.refuse("X99-HV", "amy", v1::NOT_OURS_NO_LONGER);
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_EQ(hub.delivery("X99-DUTY", 1).overdue_level(), 1u);
}
TEST(NotOurs, WhomTodaysRoutesNameComesBeforeTheDeputy) {
  LadderWorld hub;
  v1::Directory change;
  *change.add_routes() = support::area_route("late", "X99-MASH", support::kArea);
  hub.apply(change);
  hub.refuse("X99-HV", "amy");
  EXPECT_THAT(hub.told(hub.position), ElementsAre("X99-HV", "X99-MASH"));
}
TEST(NotOurs, WithoutADeputyTheSinglePointOfContactIsNext) {
  LadderWorld hub;
  v1::Directory change;
  v1::Team team = hub.team("X99-HV");
  team.clear_deputy_team();
  team.set_spoc_team("X99-MASH");
  *change.add_teams() = team;
  hub.apply(change);
  hub.refuse("X99-HV", "amy");
  EXPECT_THAT(hub.told(hub.position), ElementsAre("X99-HV", "X99-MASH"));
}
TEST(NotOurs, ATeamThatIsClosedOrRungOnlyIsNoCandidate) {
  for (const bool closed : {true, false}) {
    LadderWorld hub;
    v1::Directory change;
    v1::Team team = hub.team("X99-DUTY");
    team.set_closed(closed);
    if (!closed) team.set_reach(v1::REACH_PHONE);
    *change.add_teams() = team;
    hub.apply(change);
    hub.refuse("X99-HV", "amy");
    EXPECT_THAT(hub.told(hub.position), ElementsAre("X99-HV", "X99-SAFETY"));
  }
}
TEST(NotOurs, AfterTwoRefusalsTheSafetyNetHasItAndItsNamedLeadIsNamed) {
  LadderWorld hub;
  v1::Directory change;
  v1::Team net = hub.team("X99-SAFETY");
  net.set_named_lead("sue");
  *change.add_teams() = net;
  hub.apply(change);
  hub.refuse("X99-HV", "amy");
  const auto second = hub.refuse("X99-DUTY", "cat");
  EXPECT_THAT(second.text(), HasSubstr("Sue Example"));
  EXPECT_THAT(hub.recipient("X99-SAFETY").facts(), HasSubstr("X99-HV and X99-DUTY"));
  EXPECT_THAT(hub.recipient("X99-SAFETY").facts(), HasSubstr("Sue Example"));
}
TEST(NotOurs, TheSafetyNetCannotRefuseAndIsToldWhatToDo) {
  LadderWorld hub;
  hub.refuse("X99-HV", "amy");
  hub.refuse("X99-DUTY", "cat");
  const auto last = hub.refuse("X99-SAFETY", "sue");
  EXPECT_EQ(last.code(), v1::CODE_CONFLICT);
  EXPECT_THAT(last.text(), HasSubstr("hand it over"));
  EXPECT_NE(hub.state("X99-SAFETY"), kFinished);
}
TEST(NotOurs, WhereAnotherTeamHasPickedItUpNobodyElseIsAsked) {
  LadderWorld hub(Event("concern"));  // urgent: MASH is told as well
  hub.pick_up("X99-MASH", "meg");
  const auto said = hub.refuse("X99-HV", "amy");
  EXPECT_EQ(said.code(), v1::CODE_OK);
  EXPECT_THAT(said.text(), HasSubstr("X99-MASH has picked it up"));
  EXPECT_THAT(hub.told(hub.position), SizeIs(2));
}
TEST(NotOurs, TheSenderReadsWhoRefusedAndWhoHasIt) {
  LadderWorld hub;
  hub.refuse("X99-HV", "amy");
  const auto sent = hub.log(hub.sent_of("X26-SAFETY"));
  ASSERT_THAT(sent, SizeIs(2));
  EXPECT_EQ(sent[0].change.change(), v1::CHANGE_NOT_OURS);
  EXPECT_EQ(sent[0].change.about_team(), "X99-HV");
  EXPECT_EQ(sent[0].change.not_ours(), v1::NOT_OURS_NOT_KNOWN);
  EXPECT_EQ(sent[1].change.change(), v1::CHANGE_REROUTED);
  EXPECT_EQ(sent[1].change.about_team(), "X99-DUTY");
}
TEST(NotOurs, TheSendersLimitsHoldForCandidates) {
  Event event = LadderWorld::routine_concern();
  event.header.mutable_audience()->add_only_agencies("X99");
  LadderWorld hub(event);
  v1::Directory change;
  v1::Team team = hub.team("X99-HV");
  team.set_deputy_team("X26-MIDWIFERY");
  *change.add_teams() = team;
  hub.apply(change);
  hub.refuse("X99-HV", "amy");
  EXPECT_THAT(hub.told(hub.position), Not(Contains("X26-MIDWIFERY")));
}
TEST(NotOurs, OfAVoidedEventNobodyElseIsAsked) {
  Event event = LadderWorld::routine_concern();
  *event.header.add_threads() = support::visit("V1");
  LadderWorld hub(event);
  hub.publish(support::correction("2", "V1", "concern", v1::CORRECTION_NATURE_VOID));
  EXPECT_EQ(hub.refuse("X99-HV", "amy").code(), v1::CODE_OK);
  EXPECT_THAT(hub.told(hub.position), SizeIs(1));
}
TEST(NotOurs, WhatIsOnlySeenGoesToTheSafetyNetIfNobodyElseWasTold) {
  LadderWorld hub(Event("admission"));
  hub.refuse("X99-HV", "amy");
  EXPECT_EQ(hub.recipient("X99-SAFETY").attention(), v1::ATTENTION_SEE);
  LadderWorld known(Event("admission"));
  known.refuse("X99-HV", "amy", v1::NOT_OURS_NO_LONGER);
  EXPECT_THAT(known.told(known.position), SizeIs(1));
}
TEST(NotOurs, ItIsTheSameAcrossACrashAndARepeat) {
  LadderWorld hub;
  v1::Act refusal = hub.make("X99-HV", "amy", v1::ACT_KIND_NOT_OURS, "lives elsewhere");
  refusal.set_not_ours(v1::NOT_OURS_NEVER);
  const auto first = hub.act(refusal);
  hub.crash();
  const auto again = hub.act(refusal);
  EXPECT_EQ(again.code(), first.code());
  EXPECT_EQ(again.position(), first.position());
  EXPECT_THAT(hub.told(hub.position), SizeIs(2));
  refusal.set_not_ours(v1::NOT_OURS_NOT_KNOWN);  // another act under the id
  EXPECT_EQ(hub.act(refusal).code(), v1::CODE_CONFLICT);
}
TEST(NotOurs, TheJourneySaysWhoRefusedAndWhereItWent) {
  LadderWorld hub;
  hub.refuse("X99-HV", "amy");
  const auto story = journey(hub.kv(), *hub.core().directory(), nullptr, hub.position).value();
  ASSERT_EQ(story.recipients_size(), 2);
  const auto& step = story.recipients(0).steps(0);
  EXPECT_EQ(step.act(), v1::ACT_KIND_NOT_OURS);
  EXPECT_EQ(step.not_ours(), v1::NOT_OURS_NOT_KNOWN);
  EXPECT_EQ(step.to_team(), "X99-DUTY");
  EXPECT_THAT(step.outcome(), IsEmpty());  // people's words are sealed
}

}  // namespace
}  // namespace switchboard::core
