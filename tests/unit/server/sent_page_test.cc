#include "broker/server/sent_page.h"

#include <gmock/gmock.h>

#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Routine concerns of X26-SAFETY reach X99-HV, which has two hours.
struct Sent : HubCore {
  uint64_t send(const std::string& message, v1::Urgency urgency = v1::URGENCY_ROUTINE,
                const std::string& from = "X26-SAFETY") {
    Event event("concern", message);
    event.source += message;
    event.header.set_urgency(urgency);
    event.header.set_from_team(from);
    return publish(event).position;
  }
  v1::Page page(uint64_t before = 0, uint32_t limit = 0, bool open_only = false) const {
    v1::ReadSent wanted;
    wanted.set_team("X26-SAFETY");
    wanted.set_before_position(before);
    wanted.set_limit(limit);
    wanted.set_open_only(open_only);
    return sent_page({kv(), *core().directory(), core().secrets(), now}, wanted).value();
  }
  static std::vector<uint64_t> positions(const v1::Page& page) {
    std::vector<uint64_t> all;
    for (const auto& item : page.sent()) all.push_back(item.position());
    return all;
  }
};

TEST(SentPage, ATeamSeesItsOwnEventsNewestFirst) {
  Sent hub;
  const auto one = hub.send("1");
  hub.send("2", v1::URGENCY_ROUTINE, "X26-MIDWIFERY");
  const auto three = hub.send("3");
  EXPECT_THAT(Sent::positions(hub.page()), ElementsAre(three, one));
  const v1::SentRecipient r = hub.page().sent(0).recipients(0);
  EXPECT_EQ(r.team(), "X99-HV");
  EXPECT_EQ(r.ring().phone(), "0123 496 0000");
}
TEST(SentPage, AnotherAgencysClaimToBeSentByTheTeamIsNotShown) {
  Sent hub;
  Event other("concern", "9");
  other.header.set_agency("X99");
  other.header.set_system("RIO");
  hub.publish(other, "rio");
  EXPECT_THAT(hub.page().sent(), IsEmpty());
}
TEST(SentPage, WhatIsOverdueComesFirstTheLongestFirst) {
  Sent hub;
  const auto one = hub.send("1");
  hub.advance(seconds(60));
  const auto two = hub.send("2");
  hub.advance(seconds(7200));
  hub.tick();
  const auto three = hub.send("3");
  EXPECT_THAT(Sent::positions(hub.page()), ElementsAre(one, two, three));
  EXPECT_EQ(hub.page().sent(0).recipients(0).overdue_level(), 1u);
  hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  EXPECT_THAT(Sent::positions(hub.page()), ElementsAre(two, three, one)) << "somebody has it";
}
TEST(SentPage, ACallThatIsLateMakesItOverdueToo) {
  Sent hub;
  const auto one = hub.send("1", v1::URGENCY_IMMEDIATE);
  hub.send("2");
  EXPECT_THAT(hub.page().sent(1).tasks(), SizeIs(2));
  hub.advance(seconds(1000));
  EXPECT_EQ(hub.page().sent(0).position(), one);
}
TEST(SentPage, PagesGoOnByPositionAndWhatWasOverdueIsNotRepeated) {
  Sent hub;
  const auto late = hub.send("1");
  hub.advance(seconds(7200));
  hub.tick();
  const auto two = hub.send("2");
  const auto three = hub.send("3");
  const auto first = hub.page(0, 1);
  EXPECT_THAT(Sent::positions(first), ElementsAre(late, three));
  EXPECT_EQ(first.next_after(), three);
  const auto second = hub.page(first.next_after(), 1);
  EXPECT_THAT(Sent::positions(second), ElementsAre(two));
  EXPECT_EQ(second.next_after(), 0u);
}
TEST(SentPage, OpenOnlyLeavesOutWhatEverybodyHasEnded) {
  Sent hub;
  hub.send("1");
  const auto two = hub.send("2");
  hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  hub.act(make_act(2, "X99-HV", 1, v1::ACT_KIND_FINISH, "amy", "done"));
  EXPECT_THAT(Sent::positions(hub.page(0, 0, true)), ElementsAre(two));
  EXPECT_EQ(hub.page().sent(1).recipients(0).picked_up_by().name(), "Amy Example");
}
TEST(SentPage, OfATeamThatIsNotThereIsNotFound) {
  Sent hub;
  v1::ReadSent wanted;
  wanted.set_team("X26-NOBODY");
  EXPECT_EQ(sent_page({hub.kv(), *hub.core().directory(), hub.core().secrets(), hub.now}, wanted)
                .error()
                .code,
            v1::CODE_NOT_FOUND);
}

}  // namespace
}  // namespace switchboard::server
