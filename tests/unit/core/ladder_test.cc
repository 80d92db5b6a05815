#include "broker/core/ladder.h"

#include <gtest/gtest.h>

#include "tests/support/builders.h"

namespace switchboard::core {
namespace {

using support::make_act;

v1::DeliveryRecord at(v1::DeliveryState state, const std::string& acknowledged_by = "amy") {
  v1::DeliveryRecord record;
  record.set_state(state);
  if (state >= v1::DELIVERY_STATE_ACKNOWLEDGED) {
    v1::DeliveryStep& step = *record.add_steps();
    step.set_state(v1::DELIVERY_STATE_ACKNOWLEDGED);
    step.mutable_actor()->set_person(acknowledged_by);
  }
  return record;
}
Ruling ruled(v1::DeliveryState state, v1::ActKind kind, const std::string& outcome = "visited",
             v1::Attention attention = v1::ATTENTION_ACT, const std::string& person = "amy") {
  return rule(at(state), attention, make_act(1, "T", 1, kind, person, outcome));
}

TEST(Ladder, TheTableHasEveryStateAndActOnce) {
  constexpr std::array kStates{v1::DELIVERY_STATE_QUEUED, v1::DELIVERY_STATE_OPENED,
                               v1::DELIVERY_STATE_ACKNOWLEDGED, v1::DELIVERY_STATE_ACTIONED,
                               v1::DELIVERY_STATE_FINISHED};
  size_t at_row = 0;
  for (const auto state : kStates) {
    for (int kind = v1::ACT_KIND_OPEN; kind <= v1::ACT_KIND_UNDO; ++kind) {
      const Transition& t = transitions()[at_row++];
      EXPECT_EQ(t.from, state);
      EXPECT_EQ(t.act, kind);
      EXPECT_EQ(&transition(state, static_cast<v1::ActKind>(kind)), &t);
    }
  }
  EXPECT_EQ(at_row, transitions().size());
}
TEST(Ladder, OnlyActsMoveAndNeverBack) {
  for (const auto& t : transitions()) {
    EXPECT_GE(t.to, t.from);
    EXPECT_TRUE(t.step == Step::kMove || t.to == t.from);
  }
}
TEST(Ladder, AnActDeliveryEndsOnlyByFinishAfterAnAcknowledgementOrWhereAnotherTeamHasIt) {
  for (const auto& t : transitions()) {
    if (t.from == v1::DELIVERY_STATE_FINISHED || t.to != v1::DELIVERY_STATE_FINISHED) continue;
    if (t.act == v1::ACT_KIND_NOT_OURS || t.act == v1::ACT_KIND_DECLINE) continue;
    EXPECT_EQ(t.act, v1::ACT_KIND_FINISH);
    EXPECT_GE(t.from, v1::DELIVERY_STATE_ACKNOWLEDGED);
  }
}
TEST(Ladder, ARefusalAndAnOfferSayWhatTheyMustSay) {
  v1::Act act = make_act(1, "T", 1, v1::ACT_KIND_NOT_OURS, "amy");
  EXPECT_EQ(rule({}, v1::ATTENTION_ACT, act).code, v1::CODE_INVALID);
  act.set_not_ours(v1::NOT_OURS_NEVER);
  EXPECT_EQ(rule({}, v1::ATTENTION_ACT, act).code, v1::CODE_INVALID);
  act.set_outcome("lives elsewhere");
  EXPECT_TRUE(rule({}, v1::ATTENTION_ACT, act).changes);
  act.set_not_ours(v1::NOT_OURS_NOT_KNOWN);
  act.clear_outcome();
  EXPECT_TRUE(rule({}, v1::ATTENTION_ACT, act).changes);
  act.set_kind(v1::ACT_KIND_HAND_OVER);
  EXPECT_EQ(rule({}, v1::ATTENTION_ACT, act).code, v1::CODE_INVALID);
  EXPECT_EQ(ruled(v1::DELIVERY_STATE_QUEUED, v1::ACT_KIND_DECLINE, "").code, v1::CODE_INVALID);
}
TEST(Ladder, WhatNobodyPickedUpCannotBeActionedOrFinished) {
  EXPECT_EQ(ruled(v1::DELIVERY_STATE_QUEUED, v1::ACT_KIND_FINISH).code, v1::CODE_CONFLICT);
  EXPECT_EQ(ruled(v1::DELIVERY_STATE_OPENED, v1::ACT_KIND_ACTION).code, v1::CODE_CONFLICT);
}
TEST(Ladder, ActionAndFinishSayTheirOutcome) {
  EXPECT_EQ(ruled(v1::DELIVERY_STATE_ACKNOWLEDGED, v1::ACT_KIND_FINISH, "").code, v1::CODE_INVALID);
  EXPECT_EQ(ruled(v1::DELIVERY_STATE_ACKNOWLEDGED, v1::ACT_KIND_ACTION, "").code, v1::CODE_INVALID);
  EXPECT_TRUE(ruled(v1::DELIVERY_STATE_ACKNOWLEDGED, v1::ACT_KIND_FINISH).changes);
}
TEST(Ladder, TheSamePersonSayingTheSameAgainIsSuccess) {
  const Ruling again = ruled(v1::DELIVERY_STATE_ACKNOWLEDGED, v1::ACT_KIND_ACKNOWLEDGE);
  EXPECT_EQ(again.code, v1::CODE_OK);
  EXPECT_FALSE(again.changes);
}
TEST(Ladder, ASecondPersonIsToldWhoHasIt) {
  const Ruling second = ruled(v1::DELIVERY_STATE_ACKNOWLEDGED, v1::ACT_KIND_ACKNOWLEDGE, "",
                              v1::ATTENTION_ACT, "ben");
  EXPECT_EQ(second.code, v1::CODE_CONFLICT);
  EXPECT_NE(second.text.find("amy"), std::string::npos);
}
TEST(Ladder, ASeeDeliveryEndsWhenOpened) {
  EXPECT_EQ(ruled(v1::DELIVERY_STATE_QUEUED, v1::ACT_KIND_OPEN, "", v1::ATTENTION_SEE).to,
            v1::DELIVERY_STATE_FINISHED);
  EXPECT_EQ(ruled(v1::DELIVERY_STATE_QUEUED, v1::ACT_KIND_OPEN, "", v1::ATTENTION_ACT).to,
            v1::DELIVERY_STATE_OPENED);
}
TEST(Ladder, AnEndedDeliveryTakesNoFurtherAct) {
  EXPECT_EQ(ruled(v1::DELIVERY_STATE_FINISHED, v1::ACT_KIND_ACTION).code, v1::CODE_CONFLICT);
  EXPECT_EQ(ruled(v1::DELIVERY_STATE_FINISHED, v1::ACT_KIND_FINISH).code, v1::CODE_OK);
  EXPECT_FALSE(ruled(v1::DELIVERY_STATE_FINISHED, v1::ACT_KIND_OPEN).changes);
}
TEST(Ladder, AnActThatIsNoneIsInvalid) {
  EXPECT_EQ(ruled(v1::DELIVERY_STATE_QUEUED, v1::ACT_KIND_UNSPECIFIED).code, v1::CODE_INVALID);
  EXPECT_EQ(ruled(v1::DELIVERY_STATE_QUEUED, static_cast<v1::ActKind>(14)).code, v1::CODE_INVALID);
}

}  // namespace
}  // namespace switchboard::core
