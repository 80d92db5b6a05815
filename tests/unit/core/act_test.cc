#include "broker/core/act.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using testing::SizeIs;

constexpr auto kOpen = v1::ACT_KIND_OPEN;
constexpr auto kAcknowledge = v1::ACT_KIND_ACKNOWLEDGE;
constexpr auto kAction = v1::ACT_KIND_ACTION;
constexpr auto kFinish = v1::ACT_KIND_FINISH;

struct Concern : HubCore {
  Concern() { publish(Event("concern")); }
};

// P10: what a second person says of the outcome is recorded nowhere, so it must not look recorded.
TEST(Act, WhatOnePersonFinishedAnotherIsToldOf) {
  Concern hub;
  hub.act(make_act(1, "X99-HV", 1, kAcknowledge, "amy"));
  EXPECT_EQ(hub.act(make_act(2, "X99-HV", 1, kFinish, "amy", "plan agreed")).code(), v1::CODE_OK);
  EXPECT_EQ(hub.act(make_act(3, "X99-HV", 1, kFinish, "amy", "plan agreed")).code(), v1::CODE_OK);
  const auto other = hub.act(make_act(4, "X99-HV", 1, kFinish, "ben", "no further action"));
  EXPECT_EQ(other.code(), v1::CODE_CONFLICT);
  EXPECT_EQ(other.text(), "already finished by amy");
}

TEST(Act, IsRecordedWithTheNamedPersonAndTheTime) {
  Concern hub;
  v1::Act act = make_act(1, "X99-HV", 1, kAcknowledge, "amy");
  act.set_at_us(hub.now.us - 5);
  const v1::ActOutcome out = hub.act(act);
  EXPECT_EQ(out.code(), v1::CODE_OK) << out.text();
  EXPECT_EQ(out.state(), v1::DELIVERY_STATE_ACKNOWLEDGED);
  const auto delivery = hub.delivery("X99-HV", 1);
  ASSERT_EQ(delivery.steps_size(), 1);
  EXPECT_EQ(delivery.steps(0).actor().name(), "Amy Example");
  EXPECT_EQ(delivery.steps(0).actor().principal(), "x99-hv");
  EXPECT_EQ(delivery.steps(0).actor().role(), "practitioner");
  EXPECT_EQ(delivery.steps(0).at_us(), hub.now.us);
  EXPECT_EQ(delivery.steps(0).client_at_us(), hub.now.us - 5);
}
TEST(Act, ARepeatOfTheSameActIdGivesTheFirstAnswerAndWritesNothing) {
  Concern hub;
  const v1::Act act = make_act(1, "X99-HV", 1, kAcknowledge, "amy");
  const auto first = hub.act(act);
  hub.crash();
  const uint64_t before = hub.core().head().position;
  const auto again = hub.act(act);
  EXPECT_EQ(again.code(), first.code());
  EXPECT_EQ(again.position(), first.position());
  EXPECT_EQ(again.state(), first.state());
  EXPECT_EQ(hub.core().head().position, before);
}
TEST(Act, AnActIdUsedForAnotherActIsAConflictAndNotASilentSuccess) {
  Concern hub;
  hub.publish(Event("concern", "2"));
  hub.act(make_act(1, "X99-HV", 1, kAcknowledge, "amy"));
  EXPECT_EQ(hub.act(make_act(1, "X99-HV", 2, kAcknowledge, "amy")).code(), v1::CODE_CONFLICT);
  EXPECT_EQ(hub.delivery("X99-HV", 2).steps_size(), 0);
}
TEST(Act, TheWholeLadderIsClimbedByName) {
  Concern hub;
  EXPECT_EQ(hub.act(make_act(1, "X99-HV", 1, kOpen, "ben")).state(), v1::DELIVERY_STATE_OPENED);
  EXPECT_EQ(hub.act(make_act(2, "X99-HV", 1, kAcknowledge, "amy")).code(), v1::CODE_OK);
  EXPECT_EQ(hub.act(make_act(3, "X99-HV", 1, kAction, "amy", "visited")).state(),
            v1::DELIVERY_STATE_ACTIONED);
  EXPECT_EQ(hub.act(make_act(4, "X99-HV", 1, kFinish, "amy", "plan agreed")).state(),
            v1::DELIVERY_STATE_FINISHED);
  EXPECT_THAT(hub.delivery("X99-HV", 1).steps(), SizeIs(4));
}
TEST(Act, TheTeamAndTheSenderLearnOfIt) {
  Concern hub;
  hub.act(make_act(1, "X99-HV", 1, kAcknowledge, "amy"));
  const auto inbox = hub.inbox("X99-HV");
  ASSERT_THAT(inbox, SizeIs(2));
  EXPECT_EQ(inbox[1].change.change(), v1::CHANGE_ACKNOWLEDGED);
  EXPECT_EQ(inbox[1].change.refers_to(), 1u);
  const auto sent = hub.log(hub.sent_of("X26-SAFETY"));
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_EQ(sent[0].change.about_team(), "X99-HV");
  EXPECT_EQ(sent[0].change.refers_to(), 0u);
  EXPECT_EQ(sent[0].change.actor().person(), "amy");
}
TEST(Act, AnotherAgencyNamedAsSenderLearnsNothing) {
  HubCore hub;
  Event event("concern");
  event.header.set_from_team("X99-SAFETY");  // the sender is X26
  hub.publish(event);
  hub.act(make_act(1, "X99-HV", 1, kAcknowledge, "amy"));
  EXPECT_THAT(hub.log(hub.sent_of("X99-SAFETY")), SizeIs(0));
}
TEST(Act, ASecondPersonIsAConflictThatNamesTheFirst) {
  Concern hub;
  hub.act(make_act(1, "X99-HV", 1, kAcknowledge, "amy"));
  const auto second = hub.act(make_act(2, "X99-HV", 1, kAcknowledge, "ben"));
  EXPECT_EQ(second.code(), v1::CODE_CONFLICT);
  EXPECT_NE(second.text().find("amy"), std::string::npos);
}
TEST(Act, AcknowledgingStopsTheClockAndOpeningDoesNot) {
  Concern hub;
  hub.act(make_act(1, "X99-HV", 1, kAcknowledge, "amy"));
  hub.act(make_act(2, "X99-MASH", 1, kOpen, "meg"));
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_EQ(hub.delivery("X99-HV", 1).overdue_level(), 0u);
  EXPECT_EQ(hub.delivery("X99-MASH", 1).overdue_level(), 1u);
}
TEST(Act, ASeeDeliveryEndsByOpening) {
  HubCore hub;
  hub.publish(Event("admission"));
  EXPECT_EQ(hub.act(make_act(1, "X99-HV", 1, kOpen, "amy")).state(), v1::DELIVERY_STATE_FINISHED);
}
TEST(Act, AConnectionClaimsNoMoreAssuranceThanItIsEnrolledFor) {
  Concern hub;
  v1::Act act = make_act(1, "X99-HV", 1, kAcknowledge, "amy");
  act.mutable_actor()->set_assurance(v1::ASSURANCE_FEDERATED);
  hub.act(act);
  EXPECT_EQ(hub.delivery("X99-HV", 1).steps(0).actor().assurance(), v1::ASSURANCE_LOCAL_SIGN_IN);
}

TEST(Act, ADeliveryOfManyActsCanStillBeFinished) {
  Concern hub;
  hub.act(make_act(1, "X99-HV", 1, kAcknowledge, "amy"));
  unsigned n = 2;
  while (hub.act(make_act(n, "X99-HV", 1, kAction, "amy", "rang")).code() == v1::CODE_OK) ++n;
  EXPECT_EQ(hub.delivery("X99-HV", 1).steps_size(), static_cast<int>(limits::kStepsMax));
  EXPECT_EQ(hub.act(make_act(n + 1, "X99-HV", 1, kFinish, "amy", "done")).code(), v1::CODE_OK);
}

// ---- after a lost tail, a number may stand for another event ----
struct Renumbered : HubCore {
  Renumbered() {
    auto before = backup();
    publish(Event("concern", "first"));
    seen = make_act(1, "X99-HV", 1, kAcknowledge, "amy");
    seen.set_event_id(std::string(Event("concern", "first").id().view()));
    const auto promise = core().promise();
    restore(std::move(before));
    const auto pas = who("pas");
    turn([&](Core& c) { EXPECT_EQ(c.witness(pas, promise).seen, Witness::kLost); });
    publish(Event("concern", "second"));  // has number 1 now
  }
  v1::Act seen;
};
TEST(Act, IsNeverDoneOnAnotherEventThanThePersonSaw) {
  Renumbered hub;
  EXPECT_EQ(hub.act(hub.seen).code(), v1::CODE_RECOVERING);  // to be sent again
  hub.turn([](Core& c) { c.release_recovery("ops"); });
  EXPECT_EQ(hub.act(hub.seen).code(), v1::CODE_NOT_FOUND);
  EXPECT_EQ(hub.delivery("X99-HV", 1).steps_size(), 0);
}
TEST(Act, FindsItsDeliveryUnderTheNewNumber) {
  Renumbered hub;
  hub.publish(Event("concern", "first"));
  EXPECT_EQ(hub.act(hub.seen).code(), v1::CODE_OK);
  EXPECT_EQ(hub.delivery("X99-HV", 1).steps_size(), 0);
  EXPECT_EQ(hub.delivery("X99-HV", 2).state(), v1::DELIVERY_STATE_ACKNOWLEDGED);
}

// ---- bars (P9): each leaves no trace ----
v1::ActOutcome barred(HubCore& hub, const v1::Act& act, const std::string& who) {
  v1::ActOutcome outcome;
  const auto from = hub.who(who);
  const uint64_t before = hub.core().head().position;
  hub.turn([&](Core& c) { outcome = c.act(from, act); });
  EXPECT_EQ(hub.core().head().position, before);
  return outcome;
}
TEST(Act, AnotherTeamsEndpointMayNotActForTheTeam) {
  Concern hub;
  const auto act = make_act(1, "X99-HV", 1, kAcknowledge, "amy");
  EXPECT_EQ(barred(hub, act, "x99-mash").code(), v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(barred(hub, act, "pas").code(), v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(barred(hub, act, "admin").code(), v1::CODE_NOT_ALLOWED);
}
TEST(Act, APersonWhoIsNotEnrolledOrNotOfTheTeamMayNotAct) {
  Concern hub;
  EXPECT_EQ(barred(hub, make_act(1, "X99-HV", 1, kOpen, "nobody"), "x99-hv").code(),
            v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(barred(hub, make_act(1, "X99-HV", 1, kOpen, "meg"), "x99-hv").code(),
            v1::CODE_NOT_ALLOWED);
}
TEST(Act, ADisabledPersonMayNotAct) {
  Concern hub;
  v1::Directory change;
  *change.add_people() = support::make_person("amy", "Amy Example", "X99-HV");
  change.mutable_people(0)->set_disabled(true);
  hub.apply(change);
  EXPECT_EQ(barred(hub, make_act(1, "X99-HV", 1, kOpen, "amy"), "x99-hv").code(),
            v1::CODE_NOT_ALLOWED);
}
TEST(Act, NumbersThatAreNoDeliveryAreNotFound) {
  Concern hub;
  EXPECT_EQ(barred(hub, make_act(1, "X99-HV", 9, kOpen, "amy"), "x99-hv").code(),
            v1::CODE_NOT_FOUND);
  hub.act(make_act(2, "X99-HV", 1, kOpen, "amy"));  // number 2 is now a change
  EXPECT_EQ(barred(hub, make_act(3, "X99-HV", 2, kOpen, "amy"), "x99-hv").code(),
            v1::CODE_NOT_FOUND);
}
TEST(Act, AnIdOfAnotherLengthOrALongOutcomeIsRefused) {
  Concern hub;
  v1::Act act = make_act(1, "X99-HV", 1, kOpen, "amy");
  act.set_act_id("short");
  EXPECT_EQ(barred(hub, act, "x99-hv").code(), v1::CODE_INVALID);
  act = make_act(1, "X99-HV", 1, kOpen, "amy", std::string(limits::kOutcomeBytesMax + 1, 'o'));
  EXPECT_EQ(barred(hub, act, "x99-hv").code(), v1::CODE_OVERSIZE);
}

}  // namespace
}  // namespace switchboard::core
