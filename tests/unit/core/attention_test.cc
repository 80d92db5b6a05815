#include "broker/core/attention.h"

#include <gtest/gtest.h>

namespace switchboard::core {
namespace {

v1::PolicyRow row(v1::Attention attention, uint32_t within_s) {
  v1::PolicyRow r;
  r.set_attention(attention);
  r.set_acknowledge_within_s(within_s);
  return r;
}
Asked asked(const v1::Policy& policy, v1::Urgency urgency = v1::URGENCY_ROUTINE) {
  return attention(policy, "concern", urgency, v1::CAUSE_ROUTE, "mash");
}

TEST(Attention, AGapInThePolicyNeverHidesAnAlert) {
  const Asked a = asked({});
  EXPECT_EQ(a.attention, v1::ATTENTION_ACT);
  EXPECT_EQ(a.acknowledge_within, seconds(4 * 3600));
}
TEST(Attention, TheFirstRowThatMatchesDecides) {
  v1::Policy policy;
  *policy.add_rows() = row(v1::ATTENTION_SEE, 0);
  *policy.add_rows() = row(v1::ATTENTION_ACT, 60);
  EXPECT_EQ(asked(policy).attention, v1::ATTENTION_SEE);
}
TEST(Attention, ARowMatchesByKindUrgencyCauseAndTeamKind) {
  for (int part = 0; part < 4; ++part) {
    v1::Policy policy;
    v1::PolicyRow r = row(v1::ATTENTION_FILE, 0);
    if (part == 0) r.add_kinds("discharge");
    if (part == 1) r.set_least_urgency(v1::URGENCY_IMMEDIATE);
    if (part == 2) r.add_causes(v1::CAUSE_SAFETY_NET);
    if (part == 3) r.add_team_kinds("midwifery");
    *policy.add_rows() = r;
    EXPECT_EQ(asked(policy).attention, v1::ATTENTION_ACT) << part;
  }
  v1::Policy policy;
  v1::PolicyRow r = row(v1::ATTENTION_FILE, 0);
  r.add_kinds("concern");
  r.set_least_urgency(v1::URGENCY_URGENT);
  r.add_causes(v1::CAUSE_ROUTE);
  r.add_team_kinds("mash");
  *policy.add_rows() = r;
  EXPECT_EQ(asked(policy, v1::URGENCY_URGENT).attention, v1::ATTENTION_FILE);
  EXPECT_EQ(asked(policy, v1::URGENCY_ROUTINE).attention, v1::ATTENTION_ACT);
}
TEST(Attention, AllContextsOfARowMustHold) {
  v1::Policy policy;
  v1::PolicyRow r = row(v1::ATTENTION_FILE, 0);
  r.add_contexts(v1::CONTEXT_UNDER_1);
  r.add_contexts(v1::CONTEXT_OUT_OF_HOURS);
  *policy.add_rows() = r;
  Circumstances baby;
  baby.under_1 = true;
  EXPECT_EQ(attention(policy, baby, {}).attention, v1::ATTENTION_ACT);
  Relation by_night;
  by_night.out_of_hours = true;
  EXPECT_EQ(attention(policy, baby, by_night).attention, v1::ATTENTION_FILE);
  EXPECT_TRUE(asks_about(policy).out_of_hours);
}
TEST(Attention, ARowMayAskForSoManyEventsInThirtyDays) {
  v1::Policy policy;
  v1::PolicyRow r = row(v1::ATTENTION_FILE, 0);
  r.set_events_in_30_days(3);
  *policy.add_rows() = r;
  Circumstances third;
  third.events_in_30_days = 3;
  EXPECT_EQ(attention(policy, Circumstances{}, {}).attention, v1::ATTENTION_ACT);
  EXPECT_EQ(attention(policy, third, {}).attention, v1::ATTENTION_FILE);
  EXPECT_EQ(asks_about(policy).events_in_30_days, 3u);
}
TEST(Attention, ARowIsFoundAgainByItsNameOrItsNumber) {
  v1::Policy policy;
  *policy.add_rows() = row(v1::ATTENTION_SEE, 0);
  *policy.add_rows() = row(v1::ATTENTION_ACT, 60);
  policy.mutable_rows(0)->set_id("first");
  policy.mutable_rows(0)->add_kinds("death");
  EXPECT_EQ(row_name(asked(policy)), "row 2");
  EXPECT_EQ(find_row(policy, "row 2"), &policy.rows(1));
  EXPECT_EQ(find_row(policy, "first"), &policy.rows(0));
  EXPECT_EQ(find_row(policy, "row 3"), nullptr);
  EXPECT_EQ(find_row(policy, ""), nullptr);
}
TEST(Attention, APolicyIsAnExampleUntilANamedPersonHasSignedItOnADay) {
  v1::Policy policy;
  EXPECT_TRUE(is_example(policy));
  policy.set_signed_off_by("Lee Example");
  EXPECT_TRUE(is_example(policy));
  policy.set_signed_off_on("2026-11-22");
  EXPECT_FALSE(is_example(policy));
}
TEST(Attention, MustReachIsAKindOfThePolicyOrAnOpenPlan) {
  v1::Policy policy;
  policy.add_must_reach_kinds("concern");
  EXPECT_TRUE(must_reach(policy, "concern", false));
  EXPECT_FALSE(must_reach(policy, "discharge", false));
  EXPECT_TRUE(must_reach(policy, "discharge", true));
  EXPECT_TRUE(must_reach(policy, "ed_attendance", true));
  EXPECT_TRUE(must_reach(policy, "not_brought", true));
  EXPECT_FALSE(must_reach(policy, "not_brought", false));
  EXPECT_FALSE(must_reach(policy, "appointment", true));
}

}  // namespace
}  // namespace switchboard::core
