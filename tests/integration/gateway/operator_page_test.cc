// How the hub is, at a screen: the real gateway asks the real hub's admin socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "services/gateway/operator_link.h"
#include "tests/integration/gateway/gateway_world.h"

namespace switchboard::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr const char* kPage = "/api/operator";

struct OperatorPageTest : testing::Test {
  v1::ScreenOperator page(Browser& who) {
    const auto answer = who.get(kPage);
    EXPECT_EQ(answer.status, 200u) << answer.body;
    return answer.as<v1::ScreenOperator>();
  }
  // Accepted, and of no use: without a team to ask back.
  void quarantined(const std::string& message_id) {
    const EventSpec spec{.message_id = message_id, .note = "Bruised"};
    v1::EventHeader header = header_of(spec);
    header.clear_from_team();
    v1::Item item = item_of(spec);
    item.set_header(header.SerializeAsString());
    const auto source = world.hub.publisher("second");
    const auto said = source->publish(std::span(&item, 1), std::chrono::seconds(15));
    ASSERT_EQ(said->front().code, v1::CODE_QUARANTINED) << said->front().text;
  }
  GatewayWorld world;
};

TEST_F(OperatorPageTest, AnOperatorSeesHowTheHubIsAndNobodyElseDoes) {
  world.happens({.message_id = "9126040018", .note = "Bruised"});
  Browser rosa = world.signed_in(), omar = world.signed_in("omar");
  EXPECT_TRUE(rosa.get("/api/session").as<v1::ScreenSession>().operates());
  EXPECT_FALSE(omar.get("/api/session").as<v1::ScreenSession>().operates());
  const v1::ScreenOperator seen = page(rosa);
  EXPECT_EQ(seen.status().mode(), "open");
  EXPECT_EQ(seen.status().open_act(), 1u);
  ASSERT_THAT(seen.status().sources(), Not(testing::IsEmpty()));
  EXPECT_GT(seen.status().sources(0).last_seen_us(), 0);
  EXPECT_FALSE(seen.watch().empty());
  EXPECT_THAT(seen.breaches().rows(), SizeIs(1)) << "due in four hours";
  EXPECT_GT(seen.as_of_us(), 0);
  const auto refused = omar.get(kPage);
  EXPECT_EQ(refused.status, 403u);
  EXPECT_THAT(refused.body, HasSubstr("look after the hub"));
  Browser stranger = world.browser();
  EXPECT_EQ(stranger.get(kPage).status, 401u);
}

// P9, adr/0014: who looks after the hub learns no name, and no number that is one.
TEST_F(OperatorPageTest, WhatIsInQuarantineIsDescribedAndNobodyIsNamed) {
  quarantined("9126040018");
  Browser rosa = world.signed_in();
  const auto answer = rosa.get(kPage);
  const auto seen = answer.as<v1::ScreenOperator>();
  ASSERT_THAT(seen.quarantine(), SizeIs(1));
  EXPECT_EQ(seen.quarantine(0).source_message_id(), "********18");
  EXPECT_THAT(seen.quarantine(0).text(), HasSubstr("from_team"));
  EXPECT_THAT(answer.body, AllOf(Not(HasSubstr("91260400")), Not(HasSubstr("Bruised")),
                                 Not(HasSubstr("EXAMPLE")), Not(HasSubstr("INVENTED"))));
}

TEST_F(OperatorPageTest, AHubThatIsAwayIsSaidToBeAndFoundAgain) {
  Browser rosa = world.signed_in();
  page(rosa);
  world.hub.hub.kill();
  Answered away;
  ASSERT_TRUE(eventually([&] { return (away = rosa.get(kPage)).status != 200; }));
  EXPECT_EQ(away.status, 503u);
  EXPECT_EQ(away.as<v1::Problem>().code(), v1::CODE_BUSY);
  EXPECT_THAT(away.body, AllOf(HasSubstr("runbook start"), HasSubstr("ring")));
  ASSERT_TRUE(world.hub.hub.start());
  EXPECT_TRUE(eventually([&] { return rosa.get(kPage).status == 200; }, std::chrono::seconds(30)));
}

TEST_F(OperatorPageTest, AKeyThatIsNoOperatorsIsSaidToBeNone) {
  std::promise<Result<v1::ScreenOperator>> told;
  const auto link =
      gateway::OperatorLink::open({.hub = {.connect = world.hub.hub.admin_endpoint(),
                                           .keys = world.hub.keys("x99-gateway"),
                                           .hub_public_key = world.hub.hub.public_key()}},
                                  [](std::function<void()> work) { work(); });
  link->look("rosa", [&](Result<v1::ScreenOperator> seen) { told.set_value(std::move(seen)); });
  auto seen = told.get_future();
  ASSERT_EQ(seen.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  const auto answer = seen.get();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, v1::CODE_INTERNAL) << answer.error().text;
  EXPECT_THAT(answer.error().text, HasSubstr("role operator"));
}

}  // namespace
}  // namespace switchboard::test
