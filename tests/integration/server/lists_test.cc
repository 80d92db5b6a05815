// Lists of children over real sockets: a team's own, whole and in time, whatever happens meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/base/london.h"
#include "tests/support/builders.h"
#include "tests/support/hub_world.h"

namespace switchboard::test {
namespace {

using ::testing::HasSubstr;

constexpr std::chrono::seconds kPatience{60};
constexpr unsigned kChildren = 20'000;
constexpr unsigned kPerPart = 8'000;

v1::MembersRequest change_of(v1::MembersMode mode, const std::string& team = "X99-HV") {
  v1::MembersRequest request;
  auto& change = *request.mutable_change();
  change.set_team(team);
  change.set_list(v1::MEMBER_LIST_CASELOAD);
  change.set_mode(mode);
  change.set_execute(true);
  return request;
}
void add_child(v1::MembersChange& change, unsigned child) {
  auto& row = *change.add_rows();
  *row.mutable_identifier() = support::nhs_identifier(support::nhs_number(child));
  row.set_line(child + 2);
}
// The parts of a list of the first so many, true today.
std::vector<v1::MembersRequest> parts_of(unsigned children, char upload) {
  std::vector<v1::MembersRequest> parts;
  for (unsigned child = 0; child < children; ++child) {
    if (child % kPerPart == 0) {
      auto& change = *parts.emplace_back(change_of(v1::MEMBERS_MODE_SNAPSHOT)).mutable_change();
      change.set_upload(std::string(16, upload));
      change.set_part(child / kPerPart);
      change.set_as_of(to_string(london_day(Time{1'772'452'800'000'000})));
      change.set_confirm_vanishing(true);
    }
    add_child(*parts.back().mutable_change(), child);
  }
  parts.back().mutable_change()->set_last(true);
  return parts;
}
Result<v1::Page> send(sdk::Client& client, const std::vector<v1::MembersRequest>& parts) {
  Result<v1::Page> page = error(v1::CODE_INTERNAL, "no part");
  for (const auto& part : parts) {
    page = client.change_members(part, kPatience);
    if (!page.ok()) return page;
  }
  return page;
}
uint64_t count(sdk::Client& client) {
  const auto page = client.change_members(change_of(v1::MEMBERS_MODE_UNSPECIFIED), kPatience);
  return page.ok() ? page->members().before() : 0;
}

// P9
TEST(HubLists, AKeySeesAndChangesListsOfItsOwnTeamsOnly) {
  HubWorld world;
  auto stranger = world.endpoint("stranger", "x26-screen", "X26-MID");
  auto request = change_of(v1::MEMBERS_MODE_ADD);
  add_child(*request.mutable_change(), 1);
  for (const auto mode : {v1::MEMBERS_MODE_ADD, v1::MEMBERS_MODE_UNSPECIFIED}) {
    request.mutable_change()->set_mode(mode);
    const auto page = stranger->change_members(request, kPatience);
    ASSERT_FALSE(page.ok());
    EXPECT_EQ(page.error().code, v1::CODE_NOT_ALLOWED);
  }
  auto publisher = world.publisher();
  EXPECT_EQ(publisher->change_members(request, kPatience).error().code, v1::CODE_NOT_ALLOWED);
}
TEST(HubLists, APersonMustBeOfTheTeamAndAnEnquiryIsSomebodysDecision) {
  HubWorld world;
  auto screen = world.endpoint();
  auto request = change_of(v1::MEMBERS_MODE_ADD);
  add_child(*request.mutable_change(), 1);
  request.mutable_actor()->set_person("mina");
  EXPECT_THAT(screen->change_members(request, kPatience).error().text, HasSubstr("not a member"));
  request.mutable_actor()->clear_person();
  EXPECT_TRUE(screen->change_members(request, kPatience).ok());
  request.mutable_change()->set_list(v1::MEMBER_LIST_ENQUIRY);
  EXPECT_THAT(screen->change_members(request, kPatience).error().text, HasSubstr("say who"));
}
TEST(HubLists, AChildThatComesBringsTheTeamWhatThereIs) {
  HubWorld world;
  auto publisher = world.publisher();
  EventSpec spec;
  spec.area = "";
  v1::Item item = item_of(spec);
  v1::Identity identity;
  *identity.add_identifiers() = support::nhs_identifier(support::nhs_number(1));
  for (auto& section : *item.mutable_sections()) {
    if (section.kind() == v1::SECTION_KIND_IDENTITY) section.set_body(identity.SerializeAsString());
  }
  ASSERT_TRUE(publisher->publish(std::vector{item}, kPatience).ok());
  auto screen = world.endpoint();
  auto request = change_of(v1::MEMBERS_MODE_ADD);
  add_child(*request.mutable_change(), 1);
  const auto page = screen->change_members(request, kPatience);
  ASSERT_TRUE(page.ok()) << page.error().text;
  EXPECT_EQ(page->members().joined(), 1u);
  const auto inbox = screen->request(read_inbox("X99-HV"), kPatience);
  ASSERT_TRUE(inbox.ok());
  ASSERT_EQ(inbox->items_size(), 1);
  EXPECT_TRUE(inbox->items(0).notice().joined());
  EXPECT_EQ(inbox->items(0).notice().attention(), v1::ATTENTION_SEE);
}
TEST(HubLists, AWholeCaseloadIsAppliedAndTheNextChangesWhatDiffersOnly) {
  HubWorld world;
  auto screen = world.endpoint();
  const auto applied = send(*screen, parts_of(kChildren, 'a'));
  ASSERT_TRUE(applied.ok()) << applied.error().text;
  EXPECT_EQ(applied->members().added(), kChildren);
  EXPECT_TRUE(applied->members().executed());
  EXPECT_EQ(count(*screen), kChildren);
  const auto again = send(*screen, parts_of(kChildren - 1, 'b'));
  ASSERT_TRUE(again.ok()) << again.error().text;
  EXPECT_EQ(again->members().unchanged(), kChildren - 1);
  EXPECT_EQ(again->members().removed(), 1u);
}
TEST(HubLists, ASnapshotThatAKillBrokeOffIsFinishedOrSeenToBeOld) {
  HubWorld world;
  auto screen = world.endpoint();
  const auto parts = parts_of(kChildren, 'a');
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    ASSERT_TRUE(screen->change_members(parts[i], kPatience).ok());
  }
  // The last part is on its way and worked on, but nobody waits for its answer.
  (void)screen->change_members(parts.back(), std::chrono::milliseconds(150));
  world.hub.kill();
  ASSERT_TRUE(world.hub.start());
  auto after = world.endpoint("after");
  uint64_t there = 0;
  ASSERT_TRUE(eventually(
      [&] {
        there = count(*after);
        return there == 0 || there == kChildren;
      },
      kPatience));
  // While the hub still finishes it, it asks to try again.
  auto applied = send(*after, parts_of(kChildren, 'c'));
  eventually(
      [&] {
        const bool busy = !applied.ok() && applied.error().code == v1::CODE_BUSY;
        if (busy) applied = send(*after, parts_of(kChildren, 'c'));
        return !busy;
      },
      kPatience);
  ASSERT_TRUE(applied.ok()) << applied.error().text;
  EXPECT_EQ(count(*after), kChildren);
  EXPECT_EQ(applied->members().added() + applied->members().unchanged(), kChildren);
}
TEST(HubLists, AnOperatorSeesHowOldListsAreAndNeedsAReasonToChangeOne) {
  HubWorld world;
  auto screen = world.endpoint();
  ASSERT_TRUE(send(*screen, parts_of(2, 'a')).ok());  // true in the spring: long ago
  v1::AdminRequest look;
  look.mutable_members();
  const auto rows = world.ask(look, "operator").value().watch();
  ASSERT_EQ(rows.rows_size(), 1);
  EXPECT_EQ(rows.rows(0).what(), "caseload");
  EXPECT_TRUE(rows.rows(0).alarm());
  EXPECT_THAT(rows.rows(0).why(), HasSubstr("2 children; as of 2026-03-02"));
  v1::AdminRequest change;
  *change.mutable_members() = change_of(v1::MEMBERS_MODE_REMOVE).change();
  add_child(*change.mutable_members(), 1);
  EXPECT_EQ(world.ask(change, "operator").error().code, v1::CODE_INVALID);
  change.set_reason("moved away");
  EXPECT_EQ(world.ask(change, "operator").value().members().removed(), 1u);
}

}  // namespace
}  // namespace switchboard::test
