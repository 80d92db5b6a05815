#include "broker/core/correction.h"

#include <gmock/gmock.h>

#include <map>

#include "broker/store/rows.h"
#include "tests/support/hub_core.h"
#include "tests/unit/core/corrections.h"

namespace switchboard::core {
namespace {

using support::correction;
using support::Event;
using support::HubCore;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Correction, EveryoneWhoGotTheOriginalLearnsOfIt) {
  for (const auto nature : {kVoid, kSuperseded, kWrong}) {
    HubCore hub;
    hub.publish(admission());
    const Answer answer = hub.publish(cancel("2", nature));
    EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV"));
    EXPECT_EQ(hub.recipients(answer.position)[0].cause(), v1::CAUSE_CORRECTION);
    EXPECT_EQ(hub.delivery("X99-HV", 1).corrected(), nature);
    EXPECT_EQ(hub.delivery("X99-HV", 1).corrected_by(), answer.position);
    EXPECT_EQ(corrected_marks(hub.inbox("X99-HV")), 1u);
  }
}
TEST(Correction, NamesItsOriginalByIdAsWell) {
  HubCore hub;
  const Event original = admission();
  const Answer first = hub.publish(original);
  Event by_id("correction", "2");
  by_id.header.mutable_correction()->set_target_event_id(std::string(original.id().view()));
  by_id.header.mutable_correction()->set_nature(kVoid);
  const Answer answer = hub.publish(by_id);
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV"));
  EXPECT_EQ(hub.event(answer.position).corrects_event_id(), original.id().view());
  EXPECT_THAT(store::corrections_of(hub.kv(), first.position).value(),
              ElementsAre(answer.position));
}
TEST(Correction, OfAThreadMeansItsNewestEventOfThatKind) {
  HubCore hub;
  hub.publish(admission("1"));
  const Answer second = hub.publish(admission("2"));
  Event discharge("discharge", "3");
  *discharge.header.add_threads() = support::visit("V1");
  hub.publish(discharge);
  hub.publish(cancel("4"));
  EXPECT_EQ(hub.delivery("X99-HV", 1).corrected(), v1::CORRECTION_NATURE_UNSPECIFIED);
  EXPECT_THAT(store::corrections_of(hub.kv(), second.position).value(), SizeIs(1));
  EXPECT_EQ(hub.delivery("X99-HV", 2).corrected(), kVoid);
}
TEST(Correction, WithoutARouteOfTodayATeamGetsAPointerOnly) {
  HubCore hub;
  hub.publish(admission());
  v1::Directory change;
  *change.add_routes() = support::area_route("hv-area", "X99-HV", "X06000009");
  hub.apply(change);
  const Answer answer = hub.publish(cancel("2", kSuperseded));
  ASSERT_THAT(hub.told(answer.position), ElementsAre("X99-HV"));
  EXPECT_EQ(hub.recipients(answer.position)[0].limit(), v1::DISCLOSURE_POINTER);
}
TEST(Correction, NewContentGoesAlsoWhereTodaysRoutesSay) {
  HubCore hub;
  hub.publish(admission());
  v1::Directory change;
  *change.add_routes() = support::area_route("mash-area", "X99-MASH", support::kArea);
  hub.apply(change);
  EXPECT_THAT(hub.told(hub.publish(cancel("2", kVoid)).position), ElementsAre("X99-HV"));
  EXPECT_THAT(hub.told(hub.publish(cancel("3", kSuperseded)).position),
              ElementsAre("X99-HV", "X99-MASH"));
}
TEST(Correction, WhoGotOnlyTheNewContentLearnsOfALaterOneToo) {
  HubCore hub;
  hub.publish(admission());
  v1::Directory change;
  *change.add_routes() = support::area_route("mash-all", "X99-MASH", support::kArea);
  hub.apply(change);
  hub.publish(cancel("2", kSuperseded));
  EXPECT_THAT(hub.told(hub.publish(cancel("3", kVoid)).position),
              ElementsAre("X99-HV", "X99-MASH"));
}
TEST(Correction, ATeamToldByEscalationLearnsOfItToo) {
  HubCore hub;
  Event event("concern");
  event.header.set_urgency(v1::URGENCY_ROUTINE);
  *event.header.add_threads() = support::visit("V1");
  hub.publish(event);
  hub.advance(seconds(7200));
  hub.tick();
  const Answer answer = hub.publish(correction("2", "V1", "concern", kVoid));
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-DUTY", "X26-SAFETY"));
}
TEST(Correction, AnotherAgencyCannotCorrectIt) {
  HubCore hub;
  hub.publish(admission());
  Event foreign = cancel();
  foreign.header.set_agency("X99");
  foreign.header.set_system("RIO");
  foreign.header.set_from_team("X99-SAFETY");
  const Answer answer = hub.publish(foreign, "rio");
  EXPECT_EQ(hub.event(answer.position).disposition(), v1::DISPOSITION_HELD);
  EXPECT_EQ(corrected_marks(hub.inbox("X99-HV")), 0u);
}
TEST(Correction, ATestMessageVoidsNoLiveAlert) {
  HubCore hub;
  Event concern("concern");
  *concern.header.add_threads() = support::visit("V1");
  hub.publish(concern);
  Event by_thread = correction("2", "V1", "concern", kVoid);
  by_thread.header.set_environment(v1::ENVIRONMENT_TEST);
  hub.publish(by_thread, "try");
  Event by_id = by_thread;
  by_id.header.set_source_message_id("3");
  by_id.header.mutable_correction()->set_target_event_id(std::string(concern.id().view()));
  hub.publish(by_id, "try");
  EXPECT_EQ(corrected_marks(hub.inbox("X99-HV")), 0u);
  EXPECT_THAT(hub.inbox("X99-HV"), SizeIs(1));
  hub.advance(seconds(86400));
  EXPECT_EQ(hub.tick(), 4u);  // two deliveries of the concern, two corrections given up
  EXPECT_THAT(hub.queue(store::Queue::kUnrouted), IsEmpty());
}

// ---- before its original ----
TEST(Correction, ThatWaitsSaysUntilWhen) {
  HubCore hub;
  const Answer answer = hub.publish(cancel());
  EXPECT_EQ(hub.event(answer.position).held_until_us(), (hub.now + seconds(4 * 3600)).us);
  EXPECT_EQ(hub.core().next_due()->us, hub.event(answer.position).held_until_us());
}
TEST(Correction, ThatComesFirstIsHeldInAVisibleQueueAndTellsNobody) {
  HubCore hub;
  const Answer answer = hub.publish(cancel());
  EXPECT_EQ(hub.event(answer.position).disposition(), v1::DISPOSITION_HELD);
  EXPECT_THAT(hub.queue(store::Queue::kHeld), ElementsAre(answer.position));
  EXPECT_THAT(hub.told(answer.position), IsEmpty());
}
void expect_released(HubCore& hub, uint64_t held) {
  EXPECT_THAT(hub.told(held), ElementsAre("X99-HV"));
  EXPECT_THAT(hub.queue(store::Queue::kHeld), IsEmpty());
  EXPECT_EQ(hub.delivery("X99-HV", 1).corrected(), kVoid);
  EXPECT_EQ(corrected_marks(hub.inbox("X99-HV")), 1u);
}
TEST(Correction, AHeldOneTakesEffectWhenItsOriginalComes) {
  HubCore hub;
  const Answer held = hub.publish(cancel());
  hub.publish(admission());
  expect_released(hub, held.position);
}
TEST(Correction, AHeldOneIsReleasedById) {
  HubCore hub;
  const Event original = admission();
  Event by_id("correction", "2");
  by_id.header.mutable_correction()->set_target_event_id(std::string(original.id().view()));
  by_id.header.mutable_correction()->set_nature(kVoid);
  const Answer held = hub.publish(by_id);
  hub.publish(original);
  expect_released(hub, held.position);
}
TEST(Correction, AHeldOneIsReleasedInTheSameTurn) {
  HubCore hub;
  const v1::Item first = cancel().item();
  const v1::Item second = admission().item();
  const auto pas = hub.who("pas");
  Answer held;
  hub.turn([&](Core& c) {
    held = c.publish(pas, first);
    c.publish(pas, second);
  });
  expect_released(hub, held.position);
}
TEST(Correction, AHeldOneIsReleasedAfterARestart) {
  HubCore hub;
  const Answer held = hub.publish(cancel());
  hub.crash();
  hub.publish(admission());
  expect_released(hub, held.position);
}
// P7: as it would have been on arrival, by the routes of the day it takes effect.
TEST(Correction, NewContentOfAHeldOneGoesWhereTheRoutesSayWhenItIsReleased) {
  HubCore hub;
  const Answer held = hub.publish(cancel("2", kSuperseded));
  v1::Directory change;
  *change.add_routes() = support::area_route("mash-all", "X99-MASH", support::kArea);
  EXPECT_EQ(hub.apply(change).problems_size(), 0);
  hub.crash();
  hub.publish(admission());
  std::map<std::string, v1::Recipient> told;
  for (const auto& r : hub.recipients(held.position)) told[r.team()] = r;
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_EQ(told["X99-HV"].limit(), v1::DISCLOSURE_UNSPECIFIED) << "routed today: sees it";
  EXPECT_EQ(told["X99-HV"].cause(), v1::CAUSE_CORRECTION);
  EXPECT_EQ(told["X99-MASH"].cause(), v1::CAUSE_CORRECTION)
      << "the original was routed to it as well";
}
TEST(Correction, AHeldOnesNewContentReachesACaseloadThatKnowsTheChild) {
  HubCore hub;
  Event update = cancel("2", kSuperseded);
  update.header.mutable_subject()->clear_area_code();
  const Answer held = hub.publish(update);
  v1::Directory change;
  v1::CaseloadMember& member = *change.add_caseload();
  member.set_team("X99-MASH");
  *member.mutable_identifier() = support::nhs_identifier(support::nhs_number(1));
  EXPECT_EQ(hub.apply(change).problems_size(), 0);
  Event original = admission();
  original.identity.clear_identifiers();
  *original.identity.add_identifiers() = support::local_identifier("L1");
  hub.publish(original);
  std::map<std::string, v1::Recipient> told;
  for (const auto& r : hub.recipients(held.position)) told[r.team()] = r;
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_EQ(told["X99-HV"].limit(), v1::DISCLOSURE_POINTER) << "no route of today: a pointer";
  EXPECT_EQ(told["X99-MASH"].cause(), v1::CAUSE_ROUTE);
  EXPECT_EQ(told["X99-MASH"].limit(), v1::DISCLOSURE_UNSPECIFIED);
}
TEST(Correction, TheReasonIsInNoRowThatIsNotSealed) {
  HubCore hub;
  hub.publish(admission());
  hub.publish(cancel());
  for (const auto family : {kv::Family::kEvent, kv::Family::kInbox, kv::Family::kState,
                            kv::Family::kAudit, kv::Family::kPayload, kv::Family::kIndex}) {
    const auto rows = hub.kv().scan(family, "", "");
    for (; rows->valid(); rows->next()) {
      EXPECT_EQ(rows->value().find("wrong visit"), std::string_view::npos) << kv::name(family);
    }
  }
}
TEST(Correction, AHeldOneWaitsForTheKindItNames) {
  HubCore hub;
  const Answer held = hub.publish(cancel());
  Event discharge("discharge", "3");
  *discharge.header.add_threads() = support::visit("V1");
  hub.publish(discharge);
  EXPECT_THAT(hub.queue(store::Queue::kHeld), ElementsAre(held.position));
  hub.publish(admission());
  EXPECT_THAT(hub.queue(store::Queue::kHeld), IsEmpty());
}
TEST(Correction, ATestOriginalReleasesNoLiveCorrection) {
  HubCore hub;
  const Answer held = hub.publish(cancel());
  Event original = admission();
  original.header.set_environment(v1::ENVIRONMENT_TEST);
  hub.publish(original, "try");
  EXPECT_THAT(hub.queue(store::Queue::kHeld), ElementsAre(held.position));
}
TEST(Correction, GivenUpAfterItsDeadlineGoesToPeople) {
  HubCore hub;
  const Answer held = hub.publish(cancel());
  hub.advance(seconds(4 * 3600));
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_THAT(hub.queue(store::Queue::kHeld), IsEmpty());
  EXPECT_THAT(hub.queue(store::Queue::kUnrouted), ElementsAre(held.position));
  EXPECT_THAT(hub.told(held.position), ElementsAre("X26-SAFETY"));
}
TEST(Correction, AnUpdateThatUpdatesNothingIsNotedInTheEnd) {
  HubCore hub;
  const Answer held = hub.publish(cancel("2", kSuperseded));
  hub.advance(seconds(4 * 3600));
  hub.tick();
  EXPECT_THAT(hub.told(held.position), IsEmpty());
  EXPECT_THAT(hub.queue(store::Queue::kHeld), IsEmpty());
}
TEST(Correction, OneGivenUpStillTakesEffectIfTheOriginalComesLater) {
  for (const bool restart : {false, true}) {
    HubCore hub;
    const Answer held = hub.publish(cancel());
    hub.advance(seconds(4 * 3600));
    hub.tick();
    if (restart) hub.crash();
    hub.publish(admission());
    EXPECT_THAT(hub.told(held.position), ElementsAre("X26-SAFETY", "X99-HV"));
    EXPECT_EQ(hub.delivery("X99-HV", 1).corrected(), kVoid);
  }
}
TEST(Correction, ThePassedDeadlineOfAReleasedOneDoesNoHarm) {
  HubCore hub;
  hub.publish(cancel());
  hub.publish(admission());
  hub.act(support::make_act(1, "X99-HV", 3, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  hub.advance(seconds(5 * 3600));
  hub.tick();
  hub.crash();
  EXPECT_EQ(hub.tick(), 0u);
}

// ---- noise ----
TEST(Correction, AnUpdateEqualToTheThreadsLastIsNotedNotDelivered) {
  HubCore hub;
  Event original = admission();
  original.header.set_routed_fields_hash("same");
  hub.publish(original);
  Event update = cancel("2", kSuperseded);
  update.header.set_routed_fields_hash("same");
  const Answer noise = hub.publish(update);
  EXPECT_EQ(hub.event(noise.position).disposition(), v1::DISPOSITION_NOTED);
  EXPECT_THAT(hub.told(noise.position), IsEmpty());
  update.header.set_source_message_id("3");
  update.header.set_routed_fields_hash("other");
  EXPECT_THAT(hub.told(hub.publish(update).position), ElementsAre("X99-HV"));
}
TEST(Correction, ACancellationIsNeverNoise) {
  for (const auto nature : {kVoid, kWrong}) {
    HubCore hub;
    Event original = admission();
    original.header.set_routed_fields_hash("same");
    hub.publish(original);
    Event update = cancel("2", nature);
    update.header.set_routed_fields_hash("same");
    EXPECT_THAT(hub.told(hub.publish(update).position), ElementsAre("X99-HV"));
  }
}
TEST(Correction, HasAClockOfItsOwnAndAVoidedOriginalHasNone) {
  HubCore hub;
  Event concern("concern");
  *concern.header.add_threads() = support::visit("V1");
  hub.publish(concern);
  const Answer answer = hub.publish(correction("2", "V1", "concern", kVoid));
  EXPECT_GT(hub.recipients(answer.position)[0].acknowledge_by_us(), 0);
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 0u);
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 2u);
}

}  // namespace
}  // namespace switchboard::core
