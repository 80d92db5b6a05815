// An event's whole life over real sockets: published, accepted, delivered, received, picked up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/hub_world.h"

namespace switchboard::test {
namespace {

constexpr std::chrono::seconds kAnswer{15};

// Publishes and returns the answers' codes.
std::vector<v1::Code> publish(sdk::Client& client, const std::vector<v1::Item>& items) {
  const auto answers = client.publish(items, kAnswer);
  EXPECT_TRUE(answers.ok()) << answers.error().text;
  std::vector<v1::Code> codes;
  if (!answers.ok()) return codes;
  for (const auto& answer : *answers) codes.push_back(answer.code);
  return codes;
}

// What of the journey of X99-HV is recorded: "state by name", in order.
std::vector<std::string> steps(const v1::Journey& journey) {
  std::vector<std::string> words;
  for (const auto& recipient : journey.recipients()) {
    for (const auto& step : recipient.steps()) {
      EXPECT_GT(step.at_us(), 0);
      words.push_back(v1::DeliveryState_Name(step.state()).substr(15) + " " +
                      (step.endpoint().empty() ? step.actor().name() : step.endpoint()));
    }
  }
  return words;
}

TEST(HubLife, AnEventGoesFromItsSenderToANamedPersonAndTheJourneyShowsItAll) {
  HubWorld world;
  auto publisher = world.publisher();
  auto screen = world.endpoint();
  EXPECT_THAT(publish(*publisher, {admission("1")}), testing::ElementsAre(v1::CODE_OK));
  ASSERT_TRUE(run_until({screen.get()}, [&] { return screen->endpoint(0).store().through() == 1; }))
      << world.hub.log();
  const auto stored = screen->endpoint(0).store().find(1).value();
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->entry.header(), admission("1").header());
  EXPECT_EQ(stored->entry.sections_size(), 4);  // all but the source

  for (const auto kind :
       {v1::ACT_KIND_OPEN, v1::ACT_KIND_ACKNOWLEDGE, v1::ACT_KIND_ACTION, v1::ACT_KIND_FINISH}) {
    const auto said = screen->act(act_on("X99-HV", 1, kind, "rosa", "rang the family"), kAnswer);
    ASSERT_TRUE(said.ok()) << said.error().text;
    EXPECT_EQ(said->code, v1::CODE_OK) << said->text;
  }
  const auto page = screen->request(read_event(header_of({.message_id = "1"}).event_id()), kAnswer);
  ASSERT_TRUE(page.ok()) << page.error().text;
  EXPECT_EQ(page->journey().disposition(), "routed");
  EXPECT_THAT(
      steps(page->journey()),
      testing::ElementsAre("RECEIVED screen", "OPENED Invented rosa", "ACKNOWLEDGED Invented rosa",
                           "ACTIONED Invented rosa", "FINISHED Invented rosa"));
  EXPECT_EQ(world.hub.stop(), 0);
  std::string said;
  EXPECT_EQ(world.hub.verify(&said), 0) << said;
}

}  // namespace
}  // namespace switchboard::test
