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
