// Custody over real sockets: once, in order, whole, and never a yes before it is safe.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/base/limits.h"
#include "tests/support/hub_world.h"
#include "tests/support/raw_client.h"

namespace switchboard::test {
namespace {

constexpr std::chrono::seconds kAnswer{15};

std::vector<v1::Code> codes(const Result<std::vector<sdk::Publisher::Outcome>>& answers) {
  std::vector<v1::Code> all;
  EXPECT_TRUE(answers.ok());
  if (!answers.ok()) return all;
  for (const auto& answer : *answers) all.push_back(answer.code);
  return all;
}

TEST(HubPublish, ARepeatIsADuplicateWithThePositionOfTheFirst) {
  HubWorld world;
  auto publisher = world.publisher();
  const auto first = publisher->publish(std::vector{admission("1")}, kAnswer);
  const auto second = publisher->publish(std::vector{admission("1"), admission("1")}, kAnswer);
  EXPECT_THAT(codes(first), testing::ElementsAre(v1::CODE_OK));
  EXPECT_THAT(codes(second), testing::ElementsAre(v1::CODE_DUPLICATE, v1::CODE_DUPLICATE));
  EXPECT_NE(second->at(0).position, 0u);
  EXPECT_EQ(second->at(0).position, second->at(1).position);
  EXPECT_EQ(world.status().events(), 1u);
}

TEST(HubPublish, TheSameItemTwiceInOneFrameIsAcceptedOnce) {
  HubWorld world;
  auto publisher = world.publisher();
  EXPECT_THAT(codes(publisher->publish(std::vector{admission("1"), admission("1")}, kAnswer)),
              testing::ElementsAre(v1::CODE_OK, v1::CODE_DUPLICATE));
}

TEST(HubPublish, OtherContentUnderAChosenIdGoesToQuarantineWithItsBytes) {
  HubWorld world;
  auto publisher = world.publisher();
  EventSpec one;
  one.chosen_id = std::string(6, 't') + std::string("\x80", 1) + "\x81" + std::string(8, 'i');
  one.chosen_id[8] = static_cast<char>(0x81);
  EventSpec other = one;
  other.note = "other words";
  EXPECT_THAT(codes(publisher->publish(std::vector{item_of(one), item_of(other)}, kAnswer)),
              testing::ElementsAre(v1::CODE_OK, v1::CODE_QUARANTINED));
  v1::AdminRequest request;
  request.mutable_queue()->set_queue("quarantine");
  const auto queue = world.ask(request).value().queue();
  ASSERT_EQ(queue.rows_size(), 1);
  EXPECT_EQ(queue.rows(0).code(), v1::CODE_CONFLICT);
  EXPECT_EQ(world.status().quarantined_open(), 1u);
}

TEST(HubPublish, WhatTheHubCannotUseItHoldsAndSaysSo) {
  HubWorld world;
  auto publisher = world.publisher();
  v1::Item garbage;
  garbage.set_header("\xff\xff\xff");
  EventSpec incomplete;
  incomplete.message_id = "2";
  auto no_phone = header_of(incomplete);
  no_phone.clear_call_back();
  v1::Item missing = item_of(incomplete);
  missing.set_header(no_phone.SerializeAsString());
  EXPECT_THAT(codes(publisher->publish(std::vector{garbage, missing, garbage}, kAnswer)),
              testing::ElementsAre(v1::CODE_QUARANTINED, v1::CODE_QUARANTINED,
                                   testing::AnyOf(v1::CODE_QUARANTINED, v1::CODE_DUPLICATE)));
  EXPECT_EQ(world.status().quarantined_open(), 2u);
}

TEST(HubPublish, AKindNobodyKnowsIsAcceptedMarkedAndDelivered) {
  HubWorld world;
  EventSpec spec;
  spec.kind = "kind_of_the_future";
  auto publisher = world.publisher();
  EXPECT_THAT(codes(publisher->publish(std::vector{item_of(spec)}, kAnswer)),
              testing::ElementsAre(v1::CODE_OK));
  auto screen = world.endpoint();
  ASSERT_TRUE(
      run_until({screen.get()}, [&] { return screen->endpoint(0).store().through() == 1; }));
  EXPECT_TRUE(screen->endpoint(0).store().find(1).value()->entry.notice().unknown_kind());
}

TEST(HubPublish, AnEventOverTheSizeLimitIsRefusedAndTheNextGoesOn) {
  HubWorld world;
  RawClient client(world.context, world.dial("x26-pas"));
  ASSERT_TRUE(client.hello().has_welcome());
  EventSpec large;
  large.message_id = "large";
  large.padding = limits::kEventBytesMax;
  const auto said = client.publish(1, {item_of(large), admission("2")}).accepted();
  EXPECT_EQ(said.through(), 2u);
  ASSERT_EQ(said.exceptions_size(), 1);
  EXPECT_EQ(said.exceptions(0).code(), v1::CODE_OVERSIZE);
  EXPECT_EQ(said.exceptions(0).position(), 0u);
}

TEST(HubPublish, AnEventOfTheLargestSizeIsAcceptedAndDeliveredWhole) {
  HubWorld world;
  EventSpec large;
  large.padding = limits::kSourceBytesMax - 1024;
  auto publisher = world.publisher();
  EXPECT_THAT(codes(publisher->publish(std::vector{item_of(large)}, kAnswer)),
              testing::ElementsAre(v1::CODE_OK));
  auto screen = world.endpoint();
  ASSERT_TRUE(
      run_until({screen.get()}, [&] { return screen->endpoint(0).store().through() == 1; }));
  const auto entry = screen->endpoint(0).store().find(1).value()->entry;
  EXPECT_EQ(entry.sections(1).body(), item_of(large).sections(1).body());
}

// More bytes than one batch may hold arrive at once: the turn is cut, nothing is mixed up.
TEST(HubPublish, AFrameLargerThanABatchIsCommittedInPartsAndAnsweredOnce) {
  HubWorld world;
  RawClient client(world.context, world.dial("x26-pas"));
  ASSERT_TRUE(client.hello().has_welcome());
  std::vector<v1::Item> items;
  for (int i = 0; i < 14; ++i) {
    EventSpec spec;
    spec.message_id = std::to_string(i);
    spec.padding = 100'000;
    items.push_back(item_of(spec));
  }
  const auto said = client.publish(1, items).accepted();
  EXPECT_EQ(said.through(), 14u);
  EXPECT_EQ(said.exceptions_size(), 0);
  auto screen = world.endpoint();
  ASSERT_TRUE(
      run_until({screen.get()}, [&] { return screen->endpoint(0).store().through() == 14; }));
  for (uint64_t n = 1; n <= 14; ++n) {
    EXPECT_EQ(screen->endpoint(0).store().find(n).value()->entry.header(), items[n - 1].header());
  }
}

TEST(HubPublish, AFullDiskRefusesEventsKeepsTheirOrderAndTakesActsAndReads) {
  HubWorld world;
  ASSERT_TRUE(world.publisher()->publish(std::vector{admission("1")}, kAnswer).ok());
  ASSERT_TRUE(world.hub.start({"free_mark_bytes=1000000000000000"}));
  RawClient client(world.context, world.dial("x26-pas"));
  ASSERT_TRUE(client.hello().has_welcome());
  ASSERT_TRUE(client.send(RawClient::publish_frame(2, {admission("2"), admission("3")})));
  ASSERT_TRUE(client.send(RawClient::publish_frame(4, {admission("4")})));
  const auto first = client.next().value_or(v1::HubFrame{}).accepted();
  EXPECT_EQ(first.through(), 1u);
  ASSERT_EQ(first.exceptions_size(), 1);
  EXPECT_EQ(first.exceptions(0).code(), v1::CODE_DISK_LOW);
  EXPECT_EQ(first.exceptions(0).sequence(), 2u);
  const auto behind = client.next().value_or(v1::HubFrame{}).accepted();
  EXPECT_EQ(behind.through(), 1u);
  EXPECT_EQ(behind.exceptions(0).code(), v1::CODE_BUSY);

  auto screen = world.endpoint();
  ASSERT_TRUE(
      run_until({screen.get()}, [&] { return screen->endpoint(0).store().through() == 1; }));
  const auto said = screen->act(act_on("X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "rosa"), kAnswer);
  ASSERT_TRUE(said.ok());
  EXPECT_EQ(said->code, v1::CODE_OK);
  EXPECT_EQ(world.status().mode(), "read-only");
  EXPECT_EQ(world.status().events(), 1u);
}

TEST(HubPublish, WhatAFullDiskRefusedGoesOutWhenThereIsRoomInItsOrder) {
  HubWorld world({"free_mark_bytes=1000000000000000"});
  auto publisher = world.publisher();
  std::vector<v1::Item> items;
  for (int i = 1; i <= 20; ++i) items.push_back(admission(std::to_string(i)));
  ASSERT_TRUE(publisher->publisher().append(items, publisher->now()).ok());
  ASSERT_TRUE(run_until({publisher.get()},
                        [&] { return publisher->publisher().pausing() == v1::CODE_DISK_LOW; }));
  ASSERT_TRUE(world.hub.start());
  ASSERT_TRUE(run_until(
      {publisher.get()}, [&] { return publisher->publisher().idle(); }, std::chrono::seconds(40)));
  auto screen = world.endpoint();
  ASSERT_TRUE(
      run_until({screen.get()}, [&] { return screen->endpoint(0).store().through() == 20; }));
  for (uint64_t n = 1; n <= 20; ++n) {
    EXPECT_EQ(screen->endpoint(0).store().find(n).value()->entry.header(), items[n - 1].header());
  }
}

}  // namespace
}  // namespace switchboard::test
