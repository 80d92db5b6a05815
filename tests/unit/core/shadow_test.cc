// Sources on trial: decided and recorded, told to nobody, and apart from what is live.
#include "broker/core/shadow.h"

#include <gmock/gmock.h>

#include "broker/core/journey.h"
#include "broker/store/rows.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Event on_trial(Event event) {
  event.header.set_shadow(true);
  return event;
}
Event concern(const std::string& message = "1001") {
  Event event("concern", message);
  *event.header.add_threads() = support::visit("V1");
  return event;
}
std::vector<std::string> would_be_told(const HubCore& hub, uint64_t position) {
  std::vector<std::string> teams;
  const auto event = hub.event(position);
  for (const auto& recipient : event.shadow()) teams.push_back(recipient.team());
  return teams;
}
void expect_silence(HubCore& hub) {
  for (const auto& [id, team] : hub.core().directory()->teams()) {
    EXPECT_THAT(hub.inbox(id), IsEmpty()) << id;
    EXPECT_THAT(hub.log(hub.sent_of(id)), IsEmpty()) << id;
  }
  for (const auto queue : {store::Queue::kUnrouted, store::Queue::kHeld, store::Queue::kMatch}) {
    EXPECT_THAT(hub.queue(queue), IsEmpty());
  }
  EXPECT_FALSE(hub.core().next_due()) << "a clock runs";
}

TEST(Shadow, SaysWhoWouldHaveBeenToldWithWhatWouldHaveBeenAskedAndTellsNobody) {
  HubCore hub;
  const Answer answer = hub.publish(on_trial(concern()));
  EXPECT_EQ(answer.code, v1::CODE_OK);
  const auto event = hub.event(answer.position);
  EXPECT_EQ(event.disposition(), v1::DISPOSITION_SHADOWED);
  ASSERT_THAT(would_be_told(hub, answer.position), ElementsAre("X99-HV", "X99-MASH"));
  EXPECT_EQ(event.shadow(0).attention(), v1::ATTENTION_ACT);
  EXPECT_EQ(event.shadow(0).route(), "hv-area");
  EXPECT_EQ(event.shadow(0).number(), 0u);
  EXPECT_THAT(hub.told(answer.position), IsEmpty());
  expect_silence(hub);
}
TEST(Shadow, IsSilentWhateverTheEventSays) {
  HubCore hub;
  Event lost = concern("1");
  lost.header.mutable_subject()->clear_area_code();
  EXPECT_THAT(would_be_told(hub, hub.publish(on_trial(lost)).position), ElementsAre("X26-SAFETY"));
  hub.publish(on_trial(support::correction("2", "V9", "admission", v1::CORRECTION_NATURE_VOID)));
  hub.publish(on_trial(support::correction("3", "V1", "concern", v1::CORRECTION_NATURE_VOID)));
  Event merged("identity_changed", "4");
  merged.header.set_identity_change(v1::IDENTITY_CHANGE_DELETED);
  hub.publish(on_trial(merged));
  for (const unsigned child : {3u, 4u}) {  // one local id, two numbers: a clash
    Event event("admission", "5" + std::to_string(child));
    *event.identity.mutable_identifiers(0) = support::nhs_identifier(support::nhs_number(child));
    *event.identity.add_identifiers() = support::local_identifier("M1");
    hub.publish(on_trial(event));
  }
  Event test = concern("6");
  test.header.set_environment(v1::ENVIRONMENT_TEST);
  hub.publish(on_trial(test), "try");
  expect_silence(hub);
  hub.crash();
  hub.advance(seconds(2 * 86400));
  EXPECT_EQ(hub.tick(), 0u);
  expect_silence(hub);
}
TEST(Shadow, IsOneEventAlsoAfterACrash) {
  HubCore hub;
  const Answer first = hub.publish(on_trial(concern()));
  hub.crash();
  const Answer again = hub.publish(on_trial(concern()));
  EXPECT_EQ(again.code, v1::CODE_DUPLICATE);
  EXPECT_EQ(again.position, first.position);
}
TEST(Shadow, MakesNoLiveEventADuplicate) {
  HubCore hub;
  hub.publish(on_trial(concern()));
  const Answer live = hub.publish(concern());
  EXPECT_EQ(live.code, v1::CODE_OK);
  EXPECT_THAT(hub.told(live.position), ElementsAre("X99-HV", "X99-MASH"));
  EXPECT_EQ(hub.publish(concern()).position, live.position);
  EXPECT_EQ(hub.publish(on_trial(concern())).code, v1::CODE_DUPLICATE);
}
TEST(Shadow, IsFoundByItsIdWhereThereIsNoLiveOne) {
  HubCore hub;
  const Event event = concern();
  const Answer trial = hub.publish(on_trial(event));
  EXPECT_EQ(find_known(hub.kv(), event.id(), {}).value()->position, trial.position);
  const Answer live = hub.publish(event);
  EXPECT_EQ(find_known(hub.kv(), event.id(), {}).value()->position, live.position);
}
TEST(Shadow, ASharedChosenIdIsNoConflictBetweenTrialAndLive) {
  HubCore hub;
  Event chosen = concern();
  chosen.header.set_id_origin(v1::ID_ORIGIN_CHOSEN);
  chosen.header.set_event_id(std::string(chosen.id().view()));
  EXPECT_EQ(hub.publish(on_trial(chosen)).code, v1::CODE_OK);
  EXPECT_EQ(hub.publish(chosen).code, v1::CODE_OK);
  chosen.summary.set_text("Other words.");
  EXPECT_EQ(hub.publish(on_trial(chosen)).code, v1::CODE_QUARANTINED) << "P2 holds on trial too";
}
TEST(Shadow, WhatCannotStandIsQuarantinedLikeAnyOther) {
  HubCore hub;
  Event bad = on_trial(concern());
  bad.header.clear_call_back();
  const Answer answer = hub.publish(bad);
  EXPECT_EQ(answer.code, v1::CODE_QUARANTINED);
  EXPECT_THAT(hub.queue(store::Queue::kQuarantine), ElementsAre(answer.position));
}

// ---- beside what is live ----
TEST(Shadow, NeverCorrectsWhatIsLive) {
  HubCore hub;
  const Answer live = hub.publish(concern("1"));
  const Answer trial =
      hub.publish(on_trial(support::correction("2", "V1", "concern", v1::CORRECTION_NATURE_VOID)));
  EXPECT_THAT(would_be_told(hub, trial.position), ElementsAre("X99-HV", "X99-MASH"));
  EXPECT_EQ(hub.delivery("X99-HV", 1).corrected(), v1::CORRECTION_NATURE_UNSPECIFIED);
  EXPECT_THAT(hub.inbox("X99-HV"), SizeIs(1));
  EXPECT_THAT(store::corrections_of(hub.kv(), live.position).value(), IsEmpty());
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 2u) << "the live clocks run on";
}
TEST(Shadow, ALiveCorrectionFindsTheLiveOriginalBeforeANewerTrial) {
  HubCore hub;
  hub.publish(concern("1"));
  hub.publish(on_trial(concern("2")));
  const Answer answer =
      hub.publish(support::correction("3", "V1", "concern", v1::CORRECTION_NATURE_VOID));
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-MASH"));
}
TEST(Shadow, ALiveCorrectionOfATrialTellsTodaysRoutesIfItHasNewContent) {
  for (const auto nature : {v1::CORRECTION_NATURE_VOID, v1::CORRECTION_NATURE_WRONG_SUBJECT,
                            v1::CORRECTION_NATURE_SUPERSEDED}) {
    HubCore hub;
    hub.publish(on_trial(concern("1")));
    const Answer answer = hub.publish(support::correction("2", "V1", "concern", nature));
    if (nature == v1::CORRECTION_NATURE_SUPERSEDED) {
      EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV"));
      EXPECT_EQ(hub.recipients(answer.position)[0].limit(), v1::DISCLOSURE_UNSPECIFIED);
    } else {
      EXPECT_THAT(hub.told(answer.position), IsEmpty());
      EXPECT_EQ(hub.event(answer.position).disposition(), v1::DISPOSITION_NOTED);
    }
    EXPECT_THAT(hub.queue(store::Queue::kHeld), IsEmpty());
  }
}
TEST(Shadow, ALiveCorrectionThatFindsATrialStillTakesEffectOnTheLiveOriginal) {
  for (const bool by_id : {true, false}) {
    HubCore hub;
    const Event original = concern("1");
    hub.publish(on_trial(original));
    Event cancel = support::correction("2", "V1", "concern", v1::CORRECTION_NATURE_VOID);
    if (by_id) {
      cancel.header.mutable_correction()->clear_target_thread();
      cancel.header.mutable_correction()->set_target_event_id(std::string(original.id().view()));
    }
    cancel.said = support::kNoon + seconds(60);
    const Answer answer = hub.publish(cancel);
    EXPECT_THAT(hub.told(answer.position), IsEmpty());
    hub.publish(original);
    EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-MASH"));
    EXPECT_EQ(hub.delivery("X99-HV", 1).corrected(), v1::CORRECTION_NATURE_VOID);
  }
}
TEST(Shadow, WhoGotTheLiveNewContentOfATrialLearnsOfItsCancellation) {
  HubCore hub;
  hub.publish(on_trial(concern("1")));
  hub.publish(support::correction("2", "V1", "concern", v1::CORRECTION_NATURE_SUPERSEDED));
  hub.publish(
      on_trial(support::correction("3", "V1", "concern", v1::CORRECTION_NATURE_SUPERSEDED)));
  const Answer answer =
      hub.publish(support::correction("4", "V1", "concern", v1::CORRECTION_NATURE_VOID));
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV"));
}
TEST(Shadow, ATrialOriginalReleasesNoLiveCorrection) {
  HubCore hub;
  const Answer held =
      hub.publish(support::correction("2", "V1", "concern", v1::CORRECTION_NATURE_VOID));
  hub.publish(on_trial(concern("1")));
  EXPECT_THAT(hub.queue(store::Queue::kHeld), ElementsAre(held.position));
  hub.publish(concern("1"));
  EXPECT_THAT(hub.queue(store::Queue::kHeld), IsEmpty());
  EXPECT_THAT(hub.told(held.position), ElementsAre("X99-HV", "X99-MASH"));
}
TEST(Shadow, AChainOfTrialCorrectionsCountsWhomEachWouldHaveTold) {
  HubCore hub;
  Event admission("admission", "1");
  *admission.header.add_threads() = support::visit("V1");
  hub.publish(on_trial(admission));
  v1::Directory change;
  *change.add_routes() = support::area_route("mash-all", "X99-MASH", support::kArea);
  hub.apply(change);
  const auto correct = [&](const char* message, v1::CorrectionNature nature) {
    return hub.publish(on_trial(support::correction(message, "V1", "admission", nature))).position;
  };
  const auto both = ElementsAre("X99-HV", "X99-MASH");
  EXPECT_THAT(would_be_told(hub, correct("2", v1::CORRECTION_NATURE_SUPERSEDED)), both);
  EXPECT_THAT(would_be_told(hub, correct("3", v1::CORRECTION_NATURE_VOID)), both);
  EXPECT_THAT(would_be_told(hub, correct("4", v1::CORRECTION_NATURE_VOID)), IsEmpty());
  expect_silence(hub);
}

// ---- what people see ----
TEST(Shadow, TheJourneyShowsWhoWouldHaveBeenTold) {
  HubCore hub;
  Event event = on_trial(concern());
  event.header.set_trigger("ADT^A01");
  const Answer answer = hub.publish(event);
  const auto found = journey(hub.kv(), *hub.core().directory(), nullptr, answer.position).value();
  EXPECT_EQ(found.disposition(), "shadowed");
  EXPECT_EQ(found.trigger(), "ADT^A01");
  EXPECT_THAT(found.recipients(), IsEmpty());
  ASSERT_EQ(found.shadow_size(), 2);
  EXPECT_EQ(found.shadow(0).team_name(), "Team X99-HV");
  EXPECT_EQ(found.shadow(0).attention(), v1::ATTENTION_ACT);
  EXPECT_EQ(found.shadow(0).state(), v1::DELIVERY_STATE_UNSPECIFIED);
}

}  // namespace
}  // namespace switchboard::core
