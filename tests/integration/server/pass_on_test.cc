// A delivery on its way between two teams, over real sockets: refused, handed over, declined,
// taken, and thought better of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/hub_world.h"

namespace switchboard::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::chrono::seconds kAnswer{15};

struct TwoTeams {
  TwoTeams() {
    auto publisher = world.publisher();
    const std::vector<v1::Item> items{admission("1"), admission("2")};
    EXPECT_TRUE(publisher->publish(items, kAnswer).ok());
    EXPECT_TRUE(
        run_until({visitors.get()}, [&] { return visitors->endpoint(0).store().through() == 2; }));
  }
  sdk::Acts::Outcome of_visitors(v1::Act act) { return done(*visitors, std::move(act)); }
  sdk::Acts::Outcome of_midwives(v1::ActKind kind, const std::string& outcome = {}) {
    return done(*midwives, act_on("X26-MID", 1, kind, "mina", outcome));
  }
  sdk::Acts::Outcome offer() {
    v1::Act offer = act_on("X99-HV", 1, v1::ACT_KIND_HAND_OVER, "rosa");
    offer.set_to_team("X26-MID");
    return of_visitors(offer);
  }
  static sdk::Acts::Outcome done(sdk::Client& client, v1::Act act) {
    const auto said = client.act(std::move(act), kAnswer);
    EXPECT_TRUE(said.ok()) << said.error().text;
    return said.ok() ? *said : sdk::Acts::Outcome{};
  }
  HubWorld world;
  std::unique_ptr<sdk::Client> visitors = world.endpoint();
  std::unique_ptr<sdk::Client> midwives = world.endpoint("midwives", "x26-screen", "X26-MID");
};

std::vector<std::string> acts_of(const v1::JourneyRecipient& recipient) {
  std::vector<std::string> words;
  for (const auto& step : recipient.steps()) {
    if (step.act() == v1::ACT_KIND_UNSPECIFIED) continue;
    words.push_back(v1::ActKind_Name(step.act()).substr(9) + " " + step.actor().person());
  }
  return words;
}

TEST(HubPassOn, AHandOverIsDeclinedOfferedAgainTakenAndGivenBack) {
  TwoTeams two;
  EXPECT_EQ(two.offer().code, v1::CODE_OK);
  ASSERT_TRUE(run_until({two.midwives.get()},
                        [&] { return two.midwives->endpoint(0).store().through() >= 1; }));
  const auto seen = two.midwives->endpoint(0).store().find(1).value();
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->entry.notice().cause(), v1::CAUSE_HANDOVER);
  EXPECT_THAT(seen->entry.notice().outcome(), HasSubstr("X99-HV hands it over"));
  EXPECT_EQ(two.of_midwives(v1::ACT_KIND_DECLINE, "closed to us").state,
            v1::DELIVERY_STATE_FINISHED);
  EXPECT_EQ(two.offer().code, v1::CODE_OK);
  EXPECT_EQ(two.of_midwives(v1::ACT_KIND_TAKE).state, v1::DELIVERY_STATE_ACKNOWLEDGED);
  const auto ended = two.of_visitors(act_on("X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "rosa"));
  EXPECT_EQ(ended.code, v1::CODE_CONFLICT);
  EXPECT_EQ(two.of_midwives(v1::ACT_KIND_UNDO).code, v1::CODE_OK);
  EXPECT_EQ(two.of_visitors(act_on("X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "omar")).code,
            v1::CODE_OK);
  const auto page =
      two.visitors->request(read_event(header_of({.message_id = "1"}).event_id()), kAnswer);
  ASSERT_TRUE(page.ok()) << page.error().text;
  ASSERT_GE(page->journey().recipients_size(), 1);
  EXPECT_THAT(acts_of(page->journey().recipients(0)),
              ElementsAre("HAND_OVER rosa", "DECLINE mina", "HAND_OVER rosa", "TAKE mina",
                          "UNDO mina", "ACKNOWLEDGE omar"));
}
TEST(HubPassOn, WhatIsNotOursGoesToTheSafetyNetAndComesBackWhenUndone) {
  TwoTeams two;
  v1::Act refusal = act_on("X99-HV", 2, v1::ACT_KIND_NOT_OURS, "rosa", "lives elsewhere");
  refusal.set_not_ours(v1::NOT_OURS_NEVER);
  const auto said = two.of_visitors(refusal);
  EXPECT_EQ(said.state, v1::DELIVERY_STATE_FINISHED);
  EXPECT_THAT(said.text, HasSubstr("X99-NET"));
  EXPECT_EQ(two.world.team_status("X99-NET").open_act(), 1u);
  EXPECT_EQ(two.world.team_status("X99-HV").open_act(), 1u);
  v1::Act undo = act_on("X99-HV", 2, v1::ACT_KIND_UNDO, "omar");
  undo.set_undoes(std::string(said.act_id.view()));
  EXPECT_EQ(two.of_visitors(undo).code, v1::CODE_OK);
  EXPECT_EQ(two.world.team_status("X99-NET").open_act(), 0u);
  EXPECT_EQ(two.world.team_status("X99-HV").open_act(), 2u);
}

}  // namespace
}  // namespace switchboard::test
