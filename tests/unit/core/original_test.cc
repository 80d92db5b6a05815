// Chains of corrections, and which event each of them means.
#include "broker/core/original.h"

#include <gmock/gmock.h>

#include "broker/core/correction.h"
#include "broker/store/rows.h"
#include "tests/support/hub_core.h"
#include "tests/unit/core/corrections.h"

namespace switchboard::core {
namespace {

using support::correction;
using support::Event;
using support::HubCore;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// ---- chains ----
TEST(Correction, WhatAnUpdateSaidIsMarkedByTheNextOne) {
  for (const auto nature : {kVoid, kSuperseded, kWrong}) {
    HubCore hub;
    hub.publish(admission());
    const Answer update = hub.publish(cancel("2", kSuperseded));
    const Answer last = hub.publish(cancel("3", nature));
    const uint64_t number = hub.recipients(update.position)[0].number();
    EXPECT_EQ(hub.delivery("X99-HV", number).corrected(), nature);
    EXPECT_EQ(hub.delivery("X99-HV", number).corrected_by(), last.position);
    EXPECT_EQ(hub.delivery("X99-HV", 1).corrected(), nature);
  }
}
TEST(Correction, AVoidStopsTheClockOfTheUpdateBeforeItToo) {
  HubCore hub;
  hub.publish(admission());
  hub.publish(cancel("2", kSuperseded));
  hub.publish(cancel("3", kVoid));
  hub.advance(seconds(86400));
  EXPECT_EQ(hub.tick(), 1u) << "only the void's own";
}
TEST(Correction, AnUpdateNamedByItsIdIsCorrectedAtAllWhoGotIt) {
  HubCore hub;
  hub.publish(admission());
  const Event update = cancel("2", kSuperseded);
  hub.publish(update);
  Event by_id("correction", "3");
  by_id.header.mutable_correction()->set_target_event_id(std::string(update.id().view()));
  by_id.header.mutable_correction()->set_nature(kVoid);
  EXPECT_THAT(hub.told(hub.publish(by_id).position), ElementsAre("X99-HV"));
  EXPECT_EQ(hub.delivery("X99-HV", 3).corrected(), kVoid);
}
TEST(Correction, AnUpdateOfAnUpdateIsOneOfTheOriginal) {
  HubCore hub;
  const Answer original = hub.publish(admission());
  const Event first = cancel("2", kSuperseded);
  hub.publish(first);
  v1::Directory change;
  *change.add_routes() = support::area_route("mash-all", "X99-MASH", support::kArea);
  hub.apply(change);
  Event second("correction", "3");
  second.header.mutable_correction()->set_target_event_id(std::string(first.id().view()));
  second.header.mutable_correction()->set_nature(kSuperseded);
  const Answer answer = hub.publish(second);
  EXPECT_EQ(hub.event(answer.position).corrects_event_id(),
            hub.event(original.position).event_id());
  EXPECT_THAT(hub.told(hub.publish(cancel("4")).position), ElementsAre("X99-HV", "X99-MASH"));
}
TEST(Correction, FindsTheOriginalHoweverMuchElseItsVisitHas) {
  HubCore hub;
  const Answer original = hub.publish(admission("first"));
  for (int i = 0; i < 200; ++i) {
    Event letter("document", "d" + std::to_string(i));
    *letter.header.add_threads() = support::visit("V1");
    hub.publish(letter);
    hub.publish(cancel("u" + std::to_string(i), kSuperseded));
  }
  const Answer answer = hub.publish(cancel("last"));
  EXPECT_EQ(hub.event(answer.position).corrects_event_id(),
            hub.event(original.position).event_id());
}
TEST(Correction, ACancellationSaidAgainTellsNobodyTwice) {
  for (const auto nature : {kVoid, kWrong}) {
    HubCore hub;
    hub.publish(admission());
    hub.publish(cancel("2", nature));
    const Answer again = hub.publish(cancel("3", nature));
    EXPECT_EQ(hub.event(again.position).disposition(), v1::DISPOSITION_NOTED);
    EXPECT_THAT(hub.told(again.position), IsEmpty());
    EXPECT_EQ(corrected_marks(hub.inbox("X99-HV")), 1u);
    EXPECT_THAT(hub.queue(store::Queue::kHeld), IsEmpty());
  }
}
TEST(Correction, WithAnotherMeaningIsToldAfterACancellation) {
  HubCore hub;
  hub.publish(admission());
  hub.publish(cancel("2", kVoid));
  EXPECT_THAT(hub.told(hub.publish(cancel("3", kWrong)).position), ElementsAre("X99-HV"));
  EXPECT_THAT(hub.told(hub.publish(cancel("4", kVoid)).position), ElementsAre("X99-HV"));
}

// ---- by their source's clock ----
Event said(Event event, int64_t hour) {
  event.said = support::kNoon + seconds(3600 * hour);
  return event;
}
TEST(Correction, DoesNotMeanWhatItsSourceSaidLater) {
  HubCore hub;
  hub.publish(said(admission("1"), 1));
  hub.publish(said(admission("2"), 3));
  hub.publish(said(cancel("3"), 2));
  EXPECT_EQ(hub.delivery("X99-HV", 1).corrected(), kVoid);
  EXPECT_EQ(hub.delivery("X99-HV", 2).corrected(), v1::CORRECTION_NATURE_UNSPECIFIED);
}
TEST(Correction, AHeldOneWaitsOnPastWhatItsSourceSaidLater) {
  HubCore hub;
  const Answer held = hub.publish(said(cancel("3"), 2));
  hub.publish(said(admission("2"), 3));
  EXPECT_THAT(hub.queue(store::Queue::kHeld), ElementsAre(held.position));
  hub.publish(said(admission("1"), 1));
  EXPECT_THAT(hub.queue(store::Queue::kHeld), IsEmpty());
  EXPECT_EQ(hub.delivery("X99-HV", 1).corrected(), v1::CORRECTION_NATURE_UNSPECIFIED);
  EXPECT_EQ(hub.delivery("X99-HV", 2).corrected(), kVoid);
}
TEST(Correction, ASecondCancellationThatOvertookItsOriginalFindsIt) {
  for (const bool restart : {false, true}) {
    HubCore hub;
    hub.publish(said(admission("1"), 1));
    hub.publish(said(cancel("2"), 2));
    const Answer second = hub.publish(said(cancel("4"), 4));
    if (restart) hub.crash();
    const Answer again = hub.publish(said(admission("3"), 3));
    EXPECT_THAT(hub.told(second.position), ElementsAre("X99-HV"));
    EXPECT_EQ(hub.delivery("X99-HV", hub.recipients(again.position)[0].number()).corrected(),
              kVoid);
  }
}
TEST(Correction, CancellationsThatWaitTogetherTakeEffectEachOnItsOwn) {
  HubCore hub;
  const Answer second = hub.publish(said(cancel("4"), 4));
  const Answer first = hub.publish(said(cancel("2"), 2));
  hub.publish(said(admission("1"), 1));
  EXPECT_EQ(hub.delivery("X99-HV", 1).corrected_by(), first.position);
  EXPECT_THAT(hub.told(second.position), IsEmpty()) << "everyone knows";
  EXPECT_THAT(hub.queue(store::Queue::kHeld), IsEmpty());
  const Answer again = hub.publish(said(admission("3"), 3));
  const uint64_t number = hub.recipients(again.position)[0].number();
  EXPECT_EQ(hub.delivery("X99-HV", number).corrected_by(), second.position);
  EXPECT_THAT(hub.told(second.position), ElementsAre("X99-HV"));
  hub.advance(seconds(86400));
  hub.tick();
  EXPECT_THAT(hub.queue(store::Queue::kUnrouted), IsEmpty());
}
TEST(Correction, ACancellationSaidAgainDoesNotTouchTheNextEvent) {
  for (const int64_t hour : {4, 3}) {  // later, or at the same time: then what came later was later
    HubCore hub;
    hub.publish(said(admission("1"), 1));
    hub.publish(said(cancel("2"), 2));
    hub.publish(said(cancel("3"), 3));
    const Answer again = hub.publish(said(admission("4"), hour));
    EXPECT_EQ(hub.delivery("X99-HV", hub.recipients(again.position)[0].number()).corrected(),
              v1::CORRECTION_NATURE_UNSPECIFIED);
  }
}
TEST(Correction, AChosenIdSaysNothingOfTheTime) {
  HubCore hub;
  Event original = said(admission("1"), 5);
  original.header.set_id_origin(v1::ID_ORIGIN_CHOSEN);
  original.header.set_event_id(std::string(original.id().view()));
  hub.publish(original);
  EXPECT_THAT(hub.told(hub.publish(said(cancel("2"), 1)).position), ElementsAre("X99-HV"));
}

// ---- a death that ended a stay ----
Event death(bool ends_visit) {
  Event event("death", "5");
  *event.header.add_threads() = support::visit("V1");
  event.detail.mutable_death()->set_ends_visit(ends_visit);
  return event;
}
TEST(Correction, OfADischargeFindsTheDeathThatEndedTheStay) {
  for (const bool ends_visit : {true, false}) {
    HubCore hub;
    const Answer died = hub.publish(death(ends_visit));
    EXPECT_EQ(hub.event(died.position).ends_visit(), ends_visit);
    hub.publish(correction("6", "V1", "discharge", kVoid));
    EXPECT_EQ(hub.delivery("X99-HV", 1).corrected(),
              ends_visit ? kVoid : v1::CORRECTION_NATURE_UNSPECIFIED);
  }
}
TEST(Correction, AHeldOneOfADischargeIsReleasedByTheDeath) {
  for (const bool ends_visit : {true, false}) {
    HubCore hub;
    hub.publish(correction("6", "V1", "discharge", kVoid));
    hub.publish(death(ends_visit));
    EXPECT_THAT(hub.queue(store::Queue::kHeld), SizeIs(ends_visit ? 0 : 1));
  }
}
TEST(Correction, OfADeathDoesNotFindADischarge) {
  HubCore hub;
  Event discharge("discharge", "5");
  *discharge.header.add_threads() = support::visit("V1");
  hub.publish(discharge);
  const Answer answer = hub.publish(correction("6", "V1", "death", kVoid));
  EXPECT_EQ(hub.event(answer.position).disposition(), v1::DISPOSITION_HELD);
}

// ---- told after it was corrected ----
TEST(Correction, WhoIsToldOfTheOriginalLaterLearnsOfItToo) {
  HubCore hub;
  Event concern("concern");
  concern.header.set_urgency(v1::URGENCY_ROUTINE);
  *concern.header.add_threads() = support::visit("V1");
  const Answer original = hub.publish(concern);
  const Answer answer = hub.publish(correction("2", "V1", "concern", kWrong));
  hub.advance(seconds(7200));
  hub.tick();
  ASSERT_THAT(hub.told(original.position), ElementsAre("X99-HV", "X99-DUTY", "X26-SAFETY"));
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-DUTY", "X26-SAFETY"));
  for (const auto& r : hub.recipients(original.position)) {
    EXPECT_EQ(hub.delivery(r.team(), r.number()).corrected(), kWrong) << r.team();
  }
  EXPECT_EQ(hub.recipients(answer.position)[1].limit(), v1::DISCLOSURE_POINTER);
}

}  // namespace
}  // namespace switchboard::core
