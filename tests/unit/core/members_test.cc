#include "broker/core/members.h"

#include <gmock/gmock.h>

#include "tests/unit/core/children.h"

namespace switchboard::core {
namespace {

using support::HubCore;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

v1::MembersChange asking(v1::MemberList list = v1::MEMBER_LIST_CASELOAD) {
  v1::MembersChange change;
  change.set_team("X99-MASH");
  change.set_list(list);
  return change;
}
MembersAnswer look(HubCore& hub, v1::MemberList list = v1::MEMBER_LIST_CASELOAD) {
  const auto who = hub.who("x99-mash");
  const auto change = asking(list);
  const auto team = hub.team("X99-MASH");
  return look_at_members(hub.kv(), *hub.core().directory(), {who, "meg", change, team}, hub.now)
      .value();
}
std::vector<v1::AuditEntry> audited(HubCore& hub) {
  std::vector<v1::AuditEntry> all;
  const auto rows = hub.kv().scan(kv::Family::kAudit, "", "");
  for (; rows->valid(); rows->next()) {
    v1::AuditBlock block;
    CHECK(block.ParseFromString(std::string(rows->value())));
    for (const auto& entry : block.entries()) all.push_back(entry);
  }
  return all;
}

TEST(Members, AChildThatIsAddedIsToldOfFromThenOn) {
  HubCore hub;
  EXPECT_THAT(hub.told(hub.publish(nowhere("admission", "1")).position), IsEmpty());
  const auto answer = hub.change_members(adding({1}));
  EXPECT_EQ(answer.code, v1::CODE_OK);
  EXPECT_TRUE(answer.report.executed());
  EXPECT_EQ(answer.report.added(), 1u);
  EXPECT_EQ(answer.report.after(), 1u);
  EXPECT_THAT(hub.told(hub.publish(nowhere("admission", "2")).position), ElementsAre("X99-MASH"));
  EXPECT_EQ(look(hub).report.before(), 1u);
}
TEST(Members, AChildThatIsRemovedIsNotToldOfAnyMore) {
  HubCore hub;
  hub.change_members(adding({1}));
  const auto answer = hub.change_members(removing({1}));
  EXPECT_EQ(answer.report.removed(), 1u);
  EXPECT_EQ(answer.report.after(), 0u);
  EXPECT_THAT(hub.told(hub.publish(nowhere("admission", "2")).position), IsEmpty());
}
TEST(Members, APlanSaysWhatWouldChangeAndWritesNothing) {
  HubCore hub;
  const uint64_t before = hub.core().head().position;
  auto change = adding({1, 2, 2});
  change.set_execute(false);
  const auto answer = hub.change_members(change);
  EXPECT_EQ(answer.report.added(), 2u);
  EXPECT_THAT(answer.report.duplicate_lines(), ElementsAre(4));
  EXPECT_THAT(answer.report.unknown_lines(), ElementsAre(2, 3));
  EXPECT_FALSE(answer.report.executed());
  EXPECT_EQ(hub.core().head().position, before);
}
TEST(Members, TheSameAgainChangesNoCount) {
  HubCore hub;
  hub.change_members(adding({1}));
  const auto answer = hub.change_members(adding({1}));
  EXPECT_EQ(answer.report.unchanged(), 1u);
  EXPECT_EQ(look(hub).report.before(), 1u);
}
TEST(Members, ANumberThatIsNoneRefusesTheWholeCommandByItsLine) {
  HubCore hub;
  auto change = adding({1});
  add_row(change, 2).mutable_identifier()->set_value("9000000000");
  const auto answer = hub.change_members(change);
  EXPECT_EQ(answer.code, v1::CODE_INVALID);
  EXPECT_THAT(answer.report.invalid_lines(), ElementsAre(3));
  EXPECT_EQ(look(hub).report.before(), 0u);
}
TEST(Members, ABirthDateThatIsNoneIsWrongToo) {
  HubCore hub;
  auto change = adding({1});
  change.mutable_rows(0)->set_birth_date("31/12/2020");
  EXPECT_EQ(hub.change_members(change).code, v1::CODE_INVALID);
}
TEST(Members, MoreThanAFewComeAsASnapshot) {
  HubCore hub;
  v1::MembersChange change = adding({});
  for (unsigned child = 0; child < 65; ++child) add_row(change, child);
  EXPECT_EQ(hub.change_members(change).code, v1::CODE_OVERSIZE);
  EXPECT_EQ(hub.change_members(adding({})).code, v1::CODE_INVALID);
  EXPECT_EQ(hub.change_members(adding({1}, v1::MEMBER_LIST_UNSPECIFIED)).code, v1::CODE_INVALID);
}
TEST(Members, EachChangeIsInTheAuditWithCountsAndNobodysIdentity) {
  HubCore hub;
  hub.change_members(adding({1, 2}, v1::MEMBER_LIST_CHILD_PROTECTION));
  const auto all = audited(hub);
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.back().team(), "X99-MASH");
  EXPECT_EQ(all.back().person(), "ops");
  EXPECT_EQ(all.back().principal(), "x99-mash");
  EXPECT_EQ(all.back().text(), "child-protection: 2 added, 0 removed, 0 unchanged");
}
TEST(Members, AnOpenPlanOnAListMakesADischargeMustReachThoughItsSenderSaysNothing) {
  HubCore hub;
  EXPECT_EQ(hub.event(hub.publish(nowhere("discharge", "1")).position).disposition(),
            v1::DISPOSITION_NOTED);
  hub.change_members(adding({1}, v1::MEMBER_LIST_CHILD_PROTECTION));
  const auto position = hub.publish(nowhere("discharge", "2")).position;
  EXPECT_EQ(hub.event(position).disposition(), v1::DISPOSITION_UNROUTED);
  EXPECT_THAT(hub.told(position), ElementsAre("X26-SAFETY"));
  hub.change_members(removing({1}, v1::MEMBER_LIST_CHILD_PROTECTION));
  EXPECT_EQ(hub.event(hub.publish(nowhere("discharge", "3")).position).disposition(),
            v1::DISPOSITION_NOTED);
}
TEST(Members, AnOpenPlanOnAListIsACircumstanceOfPolicyAndAsksForTheHandOverPrompts) {
  v1::Directory world = support::small_world();
  const v1::Policy before = world.policy();
  v1::Policy& policy = *world.mutable_policy();
  policy.clear_rows();
  v1::PolicyRow& plan = *policy.add_rows();
  plan.set_id("plan open");
  plan.add_kinds("admission");
  plan.add_contexts(v1::CONTEXT_OPEN_PLAN);
  plan.set_attention(v1::ATTENTION_ACT);
  plan.set_acknowledge_within_s(600);
  for (const auto& row : before.rows()) *policy.add_rows() = row;
  policy.add_handover_prompts("Who visits first?");
  HubCore hub(world);
  const auto admitted = [&](const std::string& message) {
    support::Event event("admission", message);
    *event.header.add_threads() = support::visit("V" + message);
    event.detail.mutable_admission()->mutable_expected_discharge()->set_earliest_us(
        (hub.now + seconds(86400)).us);
    return hub.recipients(hub.publish(event).position).at(0).policy_row();
  };
  EXPECT_NE(admitted("1"), "plan open");
  EXPECT_THAT(hub.tasks("X26-SAFETY"), IsEmpty());
  hub.change_members(adding({1}, v1::MEMBER_LIST_CHILD_PROTECTION));
  EXPECT_EQ(admitted("2"), "plan open");
  EXPECT_EQ(hub.tasks("X26-SAFETY").size(), 1u);
}
TEST(Members, AListOfOpenPlansTellsItsTeamNothing) {
  HubCore hub;
  hub.publish(nowhere("admission", "1"));
  const auto answer = hub.change_members(adding({1}, v1::MEMBER_LIST_LOOKED_AFTER));
  EXPECT_EQ(answer.report.joined(), 0u);
  EXPECT_THAT(hub.told(hub.publish(nowhere("admission", "2")).position), IsEmpty());
}
TEST(Members, ADirectoryFilesCaseloadRowsCountInTheListToo) {
  HubCore hub;
  v1::Directory change;
  v1::CaseloadMember& member = *change.add_caseload();
  member.set_team("X99-MASH");
  *member.mutable_identifier() = support::nhs_identifier(support::nhs_number(1));
  hub.apply(change);
  hub.apply(change);
  EXPECT_EQ(look(hub).report.before(), 1u);
  member.set_removed(true);
  hub.apply(change);
  EXPECT_EQ(look(hub).report.before(), 0u);
}
TEST(Members, IdentifiersAreNowhereInTheStore) {
  HubCore hub;
  hub.change_members(adding({1}));
  hub.change_members(snapshot({1, 2, 3}));
  const std::string number = support::nhs_number(1);
  for (const auto family : kv::kFamilies) {
    const auto rows = hub.kv().scan(family, "", "");
    for (; rows->valid(); rows->next()) {
      EXPECT_EQ(rows->value().find(number), std::string::npos) << kv::name(family);
      EXPECT_EQ(rows->key().find(number), std::string::npos) << kv::name(family);
    }
  }
}

}  // namespace
}  // namespace switchboard::core
