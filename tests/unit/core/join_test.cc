#include "broker/core/join.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "broker/core/notice.h"
#include "tests/unit/core/children.h"

namespace switchboard::core {
namespace {

using support::HubCore;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kDays = 86'400;

v1::Recipient told(const HubCore& hub, uint64_t position, const std::string& team = "X99-MASH") {
  for (const auto& r : hub.recipients(position)) {
    if (r.team() == team) return r;
  }
  return {};
}
uint64_t finished(HubCore& hub, const support::Event& event) {
  const uint64_t position = hub.publish(event).position;
  unsigned act = static_cast<unsigned>(position) * 10;
  for (const auto& r : hub.recipients(position)) {
    for (const auto kind : {v1::ACT_KIND_ACKNOWLEDGE, v1::ACT_KIND_FINISH}) {
      hub.act(support::make_act(++act, r.team(), r.number(), kind, "dev", "done"));
    }
  }
  return position;
}

TEST(Join, BringsWhatThereIsAsSeeWithoutAClockAndSaysSo) {
  HubCore hub;
  const uint64_t position = hub.publish(nowhere("concern", "1")).position;
  ASSERT_THAT(hub.told(position), ElementsAre("X26-SAFETY"));
  EXPECT_EQ(hub.change_members(adding({1})).report.joined(), 1u);
  const auto r = told(hub, position);
  EXPECT_EQ(r.cause(), v1::CAUSE_JOIN);
  EXPECT_EQ(r.attention(), v1::ATTENTION_SEE);
  EXPECT_EQ(r.acknowledge_by_us(), 0);
  EXPECT_THAT(hub.inbox("X99-MASH"), SizeIs(1));
  const auto event = hub.event(position);
  EXPECT_TRUE(
      delivery_notice(*hub.core().directory(), hub.core().secrets(), event, position, r, nullptr)
          .joined());
  // P3: only ever added to.
  EXPECT_THAT(hub.told(position), ElementsAre("X26-SAFETY", "X99-MASH"));
}
TEST(Join, ATeamThatHasTheEventGetsNothingAgain) {
  HubCore hub;
  const uint64_t position = hub.publish(support::Event("concern", "1")).position;
  ASSERT_THAT(hub.told(position), ElementsAre("X99-HV", "X99-MASH"));
  EXPECT_EQ(hub.change_members(adding({1})).report.joined(), 0u);
  hub.change_members(removing({1}));
  EXPECT_EQ(hub.change_members(adding({1})).report.joined(), 0u);
  EXPECT_THAT(hub.inbox("X99-MASH"), SizeIs(1));
}
TEST(Join, BringsTheLastDaysAndOfWhatIsOlderOnlyWhatIsOpen) {
  HubCore hub;
  const uint64_t open = hub.publish(nowhere("concern", "1")).position;
  const uint64_t done = finished(hub, nowhere("referral", "2"));
  hub.advance(seconds(91 * kDays));
  const uint64_t recent = hub.publish(nowhere("admission", "3")).position;
  EXPECT_EQ(hub.change_members(adding({1})).report.joined(), 2u);
  EXPECT_EQ(told(hub, open).cause(), v1::CAUSE_JOIN);
  EXPECT_EQ(told(hub, done).team(), "");
  EXPECT_EQ(told(hub, recent).cause(), v1::CAUSE_JOIN);
  // In the order they came.
  EXPECT_LT(told(hub, open).number(), told(hub, recent).number());
}
TEST(Join, PolicySaysHowManyDays) {
  auto world = support::small_world();
  world.mutable_policy()->set_join_days(7);
  HubCore hub(world);
  hub.publish(nowhere("admission", "1"));
  hub.advance(seconds(8 * kDays));
  EXPECT_EQ(hub.change_members(adding({1})).report.joined(), 0u);
}
TEST(Join, WhatIsOnlyFiledStaysOut) {
  HubCore hub;
  hub.publish(nowhere("appointment", "1"));
  EXPECT_EQ(hub.change_members(adding({1})).report.joined(), 0u);
}
// P9
TEST(Join, WhatTheSenderOrTodaysMatrixKeepsFromTheTeamIsNotBrought) {
  auto world = support::small_world();
  auto& row = *world.mutable_disclosure()->add_rows();
  row.add_kinds("admission");
  row.add_team_kinds("mash");
  row.set_disclosure(v1::DISCLOSURE_WITHHELD);
  HubCore hub(world);
  auto never = nowhere("concern", "1");
  never.header.mutable_audience()->add_never_agencies("X99");
  hub.publish(never);
  auto other_kinds = nowhere("concern", "2");
  other_kinds.header.mutable_audience()->add_only_team_kinds("midwifery");
  hub.publish(other_kinds);
  hub.publish(nowhere("admission", "3"));
  EXPECT_EQ(hub.change_members(adding({1})).report.joined(), 0u);
}
TEST(Join, ATestEventNeverReachesALiveTeamByIt) {
  HubCore hub;
  auto event = nowhere("concern", "1");
  event.header.set_environment(v1::ENVIRONMENT_TEST);
  hub.publish(event, "try");
  EXPECT_EQ(hub.change_members(adding({1})).report.joined(), 0u);
}
TEST(Join, WhatASourceOnTrialSaidIsNotBroughtNorWhatItCorrected) {
  HubCore hub;
  auto event = nowhere("admission", "1");
  *event.header.add_threads() = support::visit("V1");
  event.header.set_shadow(true);
  hub.publish(event);
  auto newer = support::correction("2", "V1", "admission", v1::CORRECTION_NATURE_SUPERSEDED);
  newer.header.mutable_subject()->clear_area_code();
  newer.header.set_shadow(true);
  newer.identity = event.identity;
  hub.publish(newer);
  EXPECT_EQ(hub.change_members(adding({1})).report.joined(), 0u);
}
// P7
TEST(Join, WhatIsVoidIsNotBroughtAndWhatWasSupersededComesWithItsCorrection) {
  HubCore hub;
  auto voided = nowhere("admission", "1");
  *voided.header.add_threads() = support::visit("V1");
  hub.publish(voided);
  hub.publish(support::correction("2", "V1", "admission", v1::CORRECTION_NATURE_VOID));
  auto superseded = nowhere("admission", "3");
  *superseded.header.add_threads() = support::visit("V2");
  const uint64_t old = hub.publish(superseded).position;
  auto newer = support::correction("4", "V2", "admission", v1::CORRECTION_NATURE_SUPERSEDED);
  newer.header.mutable_subject()->clear_area_code();
  newer.identity = superseded.identity;
  const uint64_t correction = hub.publish(newer).position;
  EXPECT_EQ(hub.change_members(adding({1})).report.joined(), 2u);
  const auto r = told(hub, old);
  EXPECT_EQ(hub.delivery("X99-MASH", r.number()).corrected(), v1::CORRECTION_NATURE_SUPERSEDED);
  EXPECT_EQ(told(hub, correction).cause(), v1::CAUSE_JOIN);
  EXPECT_THAT(hub.inbox("X99-MASH"), SizeIs(2)) << "and is not told of once more by a pointer";
}
TEST(Join, WhoWasBroughtAnEventLearnsOfALaterCorrection) {
  HubCore hub;
  auto event = nowhere("admission", "1");
  *event.header.add_threads() = support::visit("V1");
  hub.publish(event);
  hub.change_members(adding({1}));
  const auto answer =
      hub.publish(support::correction("2", "V1", "admission", v1::CORRECTION_NATURE_VOID));
  EXPECT_EQ(told(hub, answer.position).cause(), v1::CAUSE_CORRECTION);
}
TEST(Join, ASaidAgainIsBroughtOnce) {
  HubCore hub;
  for (const char* message : {"1", "2", "3"}) {
    auto event = nowhere("transfer", message);
    *event.header.add_threads() = support::visit("V1");
    hub.publish(event);
  }
  EXPECT_EQ(hub.change_members(adding({1})).report.joined(), 1u);
}
TEST(Join, BringsTheNewestSoManyAndTheAuditSaysHowManyWereLeft) {
  HubCore hub;
  const size_t more = 3;
  for (size_t n = 0; n < limits::kJoinEventsMax + more; ++n) {
    hub.publish(nowhere("transfer", std::to_string(n)));
  }
  EXPECT_EQ(hub.change_members(adding({1})).report.joined(), limits::kJoinEventsMax);
  std::string text;
  const auto rows = hub.kv().scan(kv::Family::kAudit, "", "");
  for (; rows->valid(); rows->next()) {
    v1::AuditBlock block;
    ASSERT_TRUE(block.ParseFromString(std::string(rows->value())));
    for (const auto& entry : block.entries()) {
      if (entry.text().starts_with("a child came")) text = entry.text();
    }
  }
  EXPECT_EQ(text, "a child came to the team: 100 earlier events brought, 3 older ones left");
}
TEST(Join, TheMostThatOneCommitMayBringFitsIntoIt) {
  HubCore hub;
  for (unsigned child = 0; child < 40; ++child) {
    for (size_t n = 0; n < 30; ++n) {
      hub.publish(nowhere("transfer", std::to_string(child) + "-" + std::to_string(n), child));
    }
  }
  auto change = adding({});
  for (unsigned child = 0; child < 40; ++child) add_row(change, child);
  hub.change_members(change);
  EXPECT_THAT(hub.inbox("X99-MASH"), SizeIs(40 * 30));
  for (const auto& batch : hub.batches()) EXPECT_LE(batch.size(), limits::kTurnBatchBytesMax);
}
TEST(Join, ADirectoryFilesCaseloadRowBringsItToo) {
  HubCore hub;
  const uint64_t position = hub.publish(nowhere("admission", "1")).position;
  v1::Directory change;
  v1::CaseloadMember& member = *change.add_caseload();
  member.set_team("X99-MASH");
  *member.mutable_identifier() = support::nhs_identifier(support::nhs_number(1));
  hub.apply(change);
  hub.crash();  // the turn that brings it comes all the same
  hub.work();
  EXPECT_EQ(told(hub, position).cause(), v1::CAUSE_JOIN);
}
TEST(Join, ANumberFoundLaterBringsWhatWasKnownWithoutIt) {
  HubCore hub;
  hub.change_members(adding({1}));
  auto before = nowhere("admission", "1");
  before.identity.clear_identifiers();
  *before.identity.add_identifiers() = support::local_identifier("M1");
  const uint64_t position = hub.publish(before).position;
  EXPECT_THAT(hub.told(position), IsEmpty());
  auto later = nowhere("admission", "2");
  *later.identity.add_identifiers() = support::local_identifier("M1");
  EXPECT_THAT(hub.told(hub.publish(later).position), ElementsAre("X99-MASH"));
  hub.work();
  EXPECT_EQ(told(hub, position).cause(), v1::CAUSE_JOIN);
}

}  // namespace
}  // namespace switchboard::core
