#include "broker/server/child_page.h"

#include <gmock/gmock.h>

#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using support::nhs_identifier;
using support::nhs_number;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Concerns of X26-SAFETY about one child reach X99-HV; urgent ones X99-MASH as well.
struct Story : HubCore {
  using HubCore::HubCore;

  uint64_t say(const std::string& message, unsigned child = 1,
               v1::Urgency urgency = v1::URGENCY_ROUTINE, const std::string& kind = "concern") {
    Event event(kind, message);
    event.source += message;
    event.header.set_urgency(urgency);
    event.identity.clear_identifiers();
    *event.identity.add_identifiers() = nhs_identifier(nhs_number(child));
    return publish(event).position;
  }
  Result<v1::Page> page(uint64_t number, const std::string& team = "X99-HV", uint64_t before = 0,
                        uint32_t limit = 0) const {
    v1::ReadChild wanted;
    wanted.set_team(team);
    wanted.set_number(number);
    wanted.set_before_position(before);
    wanted.set_limit(limit);
    return child_page({kv(), *core().directory(), core().secrets(), now}, wanted);
  }
  static std::vector<uint64_t> positions(const v1::Page& page) {
    std::vector<uint64_t> all;
    for (const auto& item : page.items()) all.push_back(item.notice().position());
    return all;
  }
};

TEST(ChildPage, HasAllThatTheTeamWasToldOfThisChildAndNothingOfAnotherNewestFirst) {
  Story hub;
  const auto one = hub.say("1");
  hub.say("2", 2);
  const auto three = hub.say("3", 1, v1::URGENCY_ROUTINE, "ed_attendance");
  const auto page = hub.page(1).value();
  EXPECT_THAT(Story::positions(page), ElementsAre(three, one));
  EXPECT_EQ(page.items(1).number(), 1u);
  EXPECT_FALSE(page.items(0).sections().empty());
}
TEST(ChildPage, HasItsOwnDeliveryOfAnEventThatOthersWereToldOfAsWell) {
  Story hub;
  hub.say("1", 2);
  hub.say("2", 1, v1::URGENCY_URGENT);  // number 2 here, and 1 in the log of X99-MASH
  const auto page = hub.page(2).value();
  ASSERT_THAT(page.items(), SizeIs(1));
  EXPECT_EQ(page.items(0).number(), 2u);
}
TEST(ChildPage, ShowsWhatHasEndedAndWhoHadIt) {
  Story hub;
  hub.say("1");
  hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  hub.act(make_act(2, "X99-HV", 1, v1::ACT_KIND_FINISH, "amy", "seen at home"));
  const auto notice = hub.page(1).value().items(0).notice();
  EXPECT_EQ(notice.state(), v1::DELIVERY_STATE_FINISHED);
  EXPECT_EQ(notice.picked_up_by().name(), "Amy Example");
  EXPECT_GT(notice.picked_up_us(), 0);
}
// The steps of one entry: state, what was done, in whose words.
std::vector<std::string> steps_of(const v1::Page& page, uint64_t number) {
  std::vector<std::string> all;
  for (const auto& step : page.child().steps()) {
    if (step.number() != number) continue;
    std::string words = v1::ActKind_Name(step.step().act()).substr(9);
    if (step.step().act() == v1::ACT_KIND_UNSPECIFIED) {
      words = v1::DeliveryState_Name(step.step().state()).substr(15);
    }
    if (step.step().overdue_level() > 0) words = "OVERDUE";
    if (step.step().has_actor()) words += " by " + step.step().actor().person();
    all.push_back(words + (step.step().outcome().empty() ? "" : ": " + step.step().outcome()));
  }
  return all;
}

TEST(ChildPage, SaysOfEachEntryWhatBecameOfItHereAndInWhoseWords) {
  Story hub;
  hub.say("1");
  hub.say("2");
  hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_OPEN, "amy"));
  hub.act(make_act(2, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  hub.act(make_act(3, "X99-HV", 1, v1::ACT_KIND_ACTION, "amy", "visit booked"));
  v1::Act undo = make_act(4, "X99-HV", 1, v1::ACT_KIND_UNDO, "amy");
  undo.set_undoes(support::act_id(3));
  hub.act(undo);
  hub.act(make_act(5, "X99-HV", 1, v1::ACT_KIND_FINISH, "amy", "seen at home"));
  const auto page = hub.page(1).value();
  EXPECT_THAT(steps_of(page, 1),
              ElementsAre("OPEN by amy", "ACKNOWLEDGE by amy", "ACTION by amy: visit booked",
                          "UNDO by amy", "FINISH by amy: seen at home"));
  EXPECT_THAT(steps_of(page, 2), IsEmpty());
  for (const auto& step : page.child().steps()) EXPECT_GT(step.step().at_us(), 0);
}
TEST(ChildPage, SaysThatNobodyPickedUpInTime) {
  Story hub;
  hub.say("1");
  hub.advance(seconds(3 * 3600));
  hub.tick();
  const auto page = hub.page(1).value();
  EXPECT_THAT(steps_of(page, 1), ElementsAre("OVERDUE"));
}
TEST(ChildPage, HasTheStepsOfThisTeamOnly) {
  Story hub;
  hub.say("1", 1, v1::URGENCY_URGENT);  // number 1 here, and 1 in the log of X99-MASH
  hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  EXPECT_THAT(hub.page(1, "X99-MASH").value().child().steps(), IsEmpty());
  EXPECT_THAT(hub.page(1).value().child().steps(), SizeIs(1));
}
TEST(ChildPage, HasTheStepsOfWhatItShowsAndOfNothingElse) {
  Story hub;
  hub.say("1");
  hub.say("2");
  hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  hub.act(make_act(2, "X99-HV", 2, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  const auto page = hub.page(1, "X99-HV", 0, 1).value();
  ASSERT_THAT(page.items(), SizeIs(1));
  ASSERT_THAT(page.child().steps(), SizeIs(1));
  EXPECT_EQ(page.child().steps(0).number(), page.items(0).number());
}
TEST(ChildPage, GoesOnByPosition) {
  Story hub;
  for (int i = 0; i < 5; ++i) hub.say(std::to_string(i));
  const auto first = hub.page(1, "X99-HV", 0, 2).value();
  EXPECT_THAT(first.items(), SizeIs(2));
  const auto rest = hub.page(1, "X99-HV", first.child().next_before(), 0).value();
  EXPECT_THAT(rest.items(), SizeIs(3));
  EXPECT_EQ(rest.child().next_before(), 0u);
  EXPECT_LT(rest.items(0).notice().position(), first.items(1).notice().position());
}
TEST(ChildPage, NamesTheTeamsThatToldOfTheChildWithTheirNumbers) {
  Story hub;
  hub.say("1");
  const auto involved = hub.page(1).value().child().involved();
  ASSERT_THAT(involved, SizeIs(1));
  EXPECT_EQ(involved[0].team(), "X26-SAFETY");
  EXPECT_EQ(involved[0].ring_now().phone(), "0123 496 0000");
}
TEST(ChildPage, ShowsTheOpenPlansOfTheChildAndWhomToRing) {
  Story hub;
  hub.say("1");
  v1::MembersChange change;
  change.set_team("X99-MASH");
  change.set_list(v1::MEMBER_LIST_CHILD_PROTECTION);
  change.set_mode(v1::MEMBERS_MODE_ADD);
  change.set_execute(true);
  *change.add_rows()->mutable_identifier() = nhs_identifier(nhs_number(1));
  ASSERT_EQ(hub.change_members(change).code, v1::CODE_OK);
  const auto plans = hub.page(1).value().child().plans();
  ASSERT_THAT(plans, SizeIs(1));
  EXPECT_EQ(plans[0].list(), v1::MEMBER_LIST_CHILD_PROTECTION);
  EXPECT_EQ(plans[0].team_name(), "Team X99-MASH");
  EXPECT_EQ(plans[0].ring().phone(), "0123 496 0000");
}
TEST(ChildPage, IsNotThereForATeamThatMayNotSeeWhomItIsAbout) {
  v1::Directory directory = support::small_world();
  v1::DisclosureRow& pointer = *directory.mutable_disclosure()->add_rows();
  pointer.add_kinds("concern");
  pointer.add_team_kinds("health_visiting");
  pointer.set_disclosure(v1::DISCLOSURE_POINTER);
  Story hub(directory);
  hub.say("1");
  hub.say("2", 1, v1::URGENCY_ROUTINE, "ed_attendance");
  EXPECT_EQ(hub.page(1).error().code, v1::CODE_NOT_FOUND);
  const auto page = hub.page(2).value();
  EXPECT_THAT(page.items(), SizeIs(1)) << "the pointer does not say whose it is, here neither";
}
TEST(ChildPage, ANumberThatIsNoDeliveryOrNotThereIsNotFound) {
  Story hub;
  hub.say("1");
  hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  EXPECT_EQ(hub.page(2).error().code, v1::CODE_NOT_FOUND) << "a change";
  EXPECT_EQ(hub.page(77).error().code, v1::CODE_NOT_FOUND);
  EXPECT_EQ(hub.page(1, "X99-MASH").error().code, v1::CODE_NOT_FOUND);
  EXPECT_EQ(hub.page(1, "NOBODY").error().code, v1::CODE_NOT_FOUND);
}

}  // namespace
}  // namespace switchboard::server
