// A team's log over real sockets: in order, gap-free, within the credit, whoever comes and goes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "broker/base/limits.h"
#include "tests/support/hub_world.h"
#include "tests/support/raw_client.h"
#include "tests/support/resident.h"

namespace switchboard::test {
namespace {

constexpr std::chrono::seconds kAnswer{15};

std::vector<v1::Item> admissions(const std::string& prefix, int count,
                                 v1::Urgency urgency = v1::URGENCY_ROUTINE, size_t padding = 0) {
  std::vector<v1::Item> items;
  for (int i = 1; i <= count; ++i) {
    EventSpec spec;
    spec.message_id = prefix + std::to_string(i);
    spec.urgency = urgency;
    spec.padding = padding;
    items.push_back(item_of(spec));
  }
  return items;
}

// Numbers of the entries that come until the answer to a ping; ahead copies are listed apart.
struct Came {
  std::vector<uint64_t> numbers;
  std::vector<uint64_t> ahead;
  size_t bytes = 0;
};
Came came_until_pong(RawClient& client) {
  Came came;
  v1::ClientFrame ping;
  ping.mutable_ping()->set_nonce(77);
  EXPECT_TRUE(client.send(ping));
  for (auto frame = client.next(); frame && !frame->has_pong(); frame = client.next()) {
    for (const auto& entry : frame->deliver().items()) {
      (frame->deliver().ahead() ? came.ahead : came.numbers).push_back(entry.number());
      if (!frame->deliver().ahead()) came.bytes += entry.ByteSizeLong();
    }
  }
  return came;
}
// As above, until so many have come.
Came came(RawClient& client, size_t at_least) {
  Came all;
  EXPECT_TRUE(eventually([&] {
    const Came more = came_until_pong(client);
    all.numbers.insert(all.numbers.end(), more.numbers.begin(), more.numbers.end());
    all.ahead.insert(all.ahead.end(), more.ahead.begin(), more.ahead.end());
    all.bytes += more.bytes;
    return all.numbers.size() >= at_least;
  }));
  const Came more = came_until_pong(client);  // what else there is
  all.numbers.insert(all.numbers.end(), more.numbers.begin(), more.numbers.end());
  all.bytes += more.bytes;
  return all;
}

RawClient attached(HubWorld& world, uint64_t through, uint32_t items, uint64_t bytes) {
  RawClient client(world.context, world.dial("x99-screen"));
  EXPECT_TRUE(client.hello().has_welcome());
  EXPECT_TRUE(client.send(RawClient::attach_frame("X99-HV", through, items, bytes)));
  return client;
}

TEST(HubDelivery, AnEndpointThatNeverAnswersGetsItsCreditInItemsAndNoMore) {
  for (const bool live : {false, true}) {
    HubWorld world;
    auto publisher = world.publisher();
    if (!live) {
      ASSERT_TRUE(publisher->publish(admissions("m", 40), kAnswer).ok());
    }
    auto client = attached(world, 0, 5, limits::kCreditBytesMax);
    ASSERT_TRUE(client.next_of(v1::HubFrame::kAttached).has_attached());
    if (live) {
      ASSERT_TRUE(publisher->publish(admissions("m", 40), kAnswer).ok());
    }
    EXPECT_THAT(came(client, 5).numbers, testing::ElementsAre(1, 2, 3, 4, 5));
    ASSERT_TRUE(client.send(RawClient::received_frame("X99-HV", 2)));
    EXPECT_THAT(came(client, 2).numbers, testing::ElementsAre(6, 7));
    ASSERT_TRUE(client.send(RawClient::received_frame("X99-HV", 7)));
    EXPECT_THAT(came(client, 5).numbers, testing::ElementsAre(8, 9, 10, 11, 12));
  }
}

TEST(HubDelivery, AnEndpointThatNeverAnswersGetsItsCreditInBytesOrOneItem) {
  for (const bool live : {false, true}) {
    HubWorld world;
    auto publisher = world.publisher();
    if (!live) {
      ASSERT_TRUE(publisher->publish(admissions("m", 20, v1::URGENCY_ROUTINE, 5000), kAnswer).ok());
    }
    auto client = attached(world, 0, 1000, 20'000);
    ASSERT_TRUE(client.next_of(v1::HubFrame::kAttached).has_attached());
    if (live) {
      ASSERT_TRUE(publisher->publish(admissions("m", 20, v1::URGENCY_ROUTINE, 5000), kAnswer).ok());
    }
    const auto first = came(client, 3);
    EXPECT_EQ(first.numbers.size(), 3u);
    EXPECT_LE(first.bytes, 20'000u);
  }
  HubWorld world;
  ASSERT_TRUE(world.publisher()->publish(admissions("m", 3), kAnswer).ok());
  auto narrow = attached(world, 0, 1000, 1);
  EXPECT_THAT(came(narrow, 1).numbers, testing::ElementsAre(1)) << "one is always on the way";
}

TEST(HubDelivery, ImmediateItemsComeAheadOfTheirTurnToAReaderThatIsBehind) {
  HubWorld world;
  auto publisher = world.publisher();
  auto client = attached(world, 0, 1, limits::kCreditBytesMax);
  ASSERT_TRUE(client.next_of(v1::HubFrame::kAttached).has_attached());
  ASSERT_TRUE(publisher->publish(admissions("m", 3), kAnswer).ok());
  ASSERT_TRUE(publisher->publish(admissions("now", 1, v1::URGENCY_IMMEDIATE), kAnswer).ok());
  const auto behind = came(client, 1);
  EXPECT_THAT(behind.numbers, testing::ElementsAre(1));
  EXPECT_THAT(behind.ahead, testing::ElementsAre(4));
  for (uint64_t n = 1; n <= 3; ++n) {
    ASSERT_TRUE(client.send(RawClient::received_frame("X99-HV", n)));
    EXPECT_THAT(came(client, 1).numbers, testing::ElementsAre(n + 1));
  }
}

TEST(HubDelivery, CopiesAheadOfTheirTurnAreBounded) {
  HubWorld world;
  auto publisher = world.publisher();
  auto client = attached(world, 0, 1, limits::kCreditBytesMax);
  ASSERT_TRUE(client.next_of(v1::HubFrame::kAttached).has_attached());
  for (int i = 0; i < 30; ++i) {
    const auto one = admissions("now" + std::to_string(i), 1, v1::URGENCY_IMMEDIATE);
    ASSERT_TRUE(publisher->publish(one, kAnswer).ok());
  }
  const auto seen = came(client, 1);
  EXPECT_THAT(seen.numbers, testing::ElementsAre(1));
  EXPECT_EQ(seen.ahead.size(), 8u);
}

TEST(HubDelivery, EachEndpointOfATeamReadsEverythingAtItsOwnPace) {
  HubWorld world;
  auto publisher = world.publisher();
  auto quick = world.endpoint("quick");
  ASSERT_TRUE(publisher->publish(admissions("m", 10), kAnswer).ok());
  ASSERT_TRUE(run_until({quick.get()}, [&] { return quick->endpoint(0).store().through() == 10; }));
  auto slow = world.endpoint("slow");
  ASSERT_TRUE(publisher->publish(admissions("n", 5), kAnswer).ok());
  ASSERT_TRUE(run_until({quick.get(), slow.get()}, [&] {
    return quick->endpoint(0).store().through() == 15 && slow->endpoint(0).store().through() == 15;
  }));
}

TEST(HubDelivery, ANewcomerOfTheSameNameTakesThePlaceOfTheOldConnection) {
  HubWorld world;
  auto old = attached(world, 0, 100, limits::kCreditBytesMax);
  ASSERT_TRUE(old.next_of(v1::HubFrame::kAttached).has_attached());
  auto young = attached(world, 0, 100, limits::kCreditBytesMax);
  ASSERT_TRUE(young.next_of(v1::HubFrame::kAttached).has_attached());
  ASSERT_TRUE(world.publisher()->publish(admissions("m", 2), kAnswer).ok());
  EXPECT_THAT(came(young, 2).numbers, testing::ElementsAre(1, 2));
  ASSERT_TRUE(old.send(RawClient::received_frame("X99-HV", 2)));
  EXPECT_TRUE(came_until_pong(old).numbers.empty());
}

v1::AdminRequest replay_of(uint64_t from, uint64_t confirm) {
  v1::AdminRequest request;
  request.set_reason("screen was rebuilt");
  request.mutable_replay()->set_team("X99-HV");
  request.mutable_replay()->set_from_number(from);
  request.mutable_replay()->set_execute(confirm > 0);
  request.mutable_replay()->set_confirm(confirm);
  return request;
}

TEST(HubDelivery, AReplaySendsAnAttachedEndpointTheEntriesAgainInTodaysState) {
  HubWorld world;
  auto publisher = world.publisher();
  auto screen = world.endpoint();
  ASSERT_TRUE(publisher->publish(admissions("m", 10), kAnswer).ok());
  ASSERT_TRUE(
      run_until({screen.get()}, [&] { return screen->endpoint(0).store().through() == 10; }));
  ASSERT_TRUE(screen->act(act_on("X99-HV", 9, v1::ACT_KIND_ACKNOWLEDGE, "rosa"), kAnswer).ok());
  ASSERT_TRUE(
      run_until({screen.get()}, [&] { return screen->endpoint(0).store().through() == 11; }));
  ASSERT_TRUE(run_until({screen.get()}, [&] {  // the receipts are the hub's now
    return world.team_status("X99-HV").received() == 11;
  }));
  screen->endpoint(0).take_arrivals();

  const auto plan = world.ask(replay_of(8, 0)).value().replay();
  EXPECT_EQ(plan.count(), 4u);
  EXPECT_EQ(plan.never_received(), 0u);
  EXPECT_FALSE(plan.executed());
  EXPECT_EQ(world.ask(replay_of(8, 3)).error().code, v1::CODE_CONFLICT);
  EXPECT_TRUE(world.ask(replay_of(8, 4)).value().replay().executed());

  std::vector<uint64_t> again;
  v1::DeliveryState ninth = v1::DELIVERY_STATE_UNSPECIFIED;
  ASSERT_TRUE(run_until({screen.get()}, [&] {
    for (const auto& arrival : screen->endpoint(0).take_arrivals()) {
      EXPECT_EQ(arrival.turn, sdk::Endpoint::Turn::kAgain);
      again.push_back(arrival.entry.number());
      if (arrival.entry.number() == 9) ninth = arrival.entry.notice().state();
    }
    return again.size() >= 4;
  }));
  EXPECT_THAT(again, testing::ElementsAre(8, 9, 10, 11));
  EXPECT_EQ(ninth, v1::DELIVERY_STATE_ACKNOWLEDGED);
  EXPECT_TRUE(run_until({screen.get()}, [&] {
    return world.team_status("X99-HV").received() == 11;
  })) << "the receipts of the replay count";
}

// The endpoint's own number wins over the hub's cursor, but not over an operator.
TEST(HubDelivery, AReplayReachesAnEndpointThatWasAwayAlsoInPartsAndEndsThere) {
  HubWorld world;
  ASSERT_TRUE(world.publisher()->publish(admissions("m", 60), kAnswer).ok());
  sdk::Endpoint::Options slow;
  slow.credit_items = 2;
  auto screen = world.endpoint("screen", "x99-screen", "X99-HV", slow);
  const auto received = [&](uint64_t number) {
    return run_until({screen.get()},
                     [&] { return world.team_status("X99-HV").received() == number; });
  };
  ASSERT_TRUE(received(60));
  ASSERT_EQ(screen->endpoint(0).take_arrivals().size(), 60u);
  screen.reset();
  EXPECT_TRUE(world.ask(replay_of(11, 50)).value().replay().executed());
  std::vector<uint64_t> again;
  const auto over = [&] { return !again.empty() && again.back() == 60; };
  for (int life = 0; life < 20 && !over(); ++life) {
    if (life == 1) {
      world.hub.kill();
      ASSERT_TRUE(world.hub.start());
    }
    screen = world.endpoint("screen", "x99-screen", "X99-HV", slow);
    const size_t before = again.size();
    ASSERT_TRUE(run_until({screen.get()}, [&] {
      for (const auto& arrival : screen->endpoint(0).take_arrivals()) {
        EXPECT_EQ(arrival.turn, sdk::Endpoint::Turn::kAgain);
        EXPECT_TRUE(arrival.entry.notice().replayed()) << arrival.entry.number();
        again.push_back(arrival.entry.number());
      }
      return again.size() >= before + 15 || over();
    }));
    if (!over()) screen.reset();  // gone in the middle of it
  }
  EXPECT_EQ(again.front(), 11u);
  EXPECT_EQ(std::set<uint64_t>(again.begin(), again.end()).size(), 50u) << "all of them came";
  ASSERT_TRUE(received(60));
  screen.reset();
  screen = world.endpoint("screen", "x99-screen", "X99-HV", slow);
  ASSERT_TRUE(world.publisher()->publish(admissions("n", 1), kAnswer).ok());
  ASSERT_TRUE(received(61));
  const auto after = screen->endpoint(0).take_arrivals();
  ASSERT_EQ(after.size(), 1u) << "the replay is over";
  EXPECT_FALSE(after[0].entry.notice().replayed());
}

TEST(HubDelivery, TheSendersLogTellsWhatBecameOfItsEventAndByWhom) {
  HubWorld world;
  auto publisher = world.publisher();
  auto screen = world.endpoint();
  ASSERT_TRUE(publisher->publish(admissions("m", 1), kAnswer).ok());
  ASSERT_TRUE(screen->act(act_on("X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "rosa"), kAnswer).ok());
  RawClient sender(world.context, world.dial("x26-screen"));
  ASSERT_TRUE(sender.hello().has_welcome());
  auto attach = RawClient::attach_frame("X26-NET", 0, 100, 1 << 20);
  attach.mutable_attach()->set_log(v1::LOG_KIND_SENT);
  ASSERT_TRUE(sender.ask(attach).has_attached());
  const auto frame = sender.next_of(v1::HubFrame::kDeliver);
  ASSERT_GT(frame.deliver().items_size(), 0);
  const auto& notice = frame.deliver().items(frame.deliver().items_size() - 1).notice();
  EXPECT_EQ(notice.change(), v1::CHANGE_ACKNOWLEDGED);
  EXPECT_EQ(notice.about_team(), "X99-HV");
  EXPECT_EQ(notice.actor().name(), "Invented rosa");
}

constexpr size_t kResidentKbMax = 160 * 1024 + kKeptBySanitizersKb;

TEST(HubDelivery, AnEndpointThatReadsNothingCostsDiskAndNotMemory) {
  HubWorld world;
  auto publisher = world.publisher();
  auto stuck = attached(world, 0, limits::kCreditItemsMax, limits::kCreditBytesMax);
  ASSERT_TRUE(stuck.next_of(v1::HubFrame::kAttached).has_attached());
  size_t most = 0;
  for (int i = 0; i < 12; ++i) {  // 96 MB in all
    const auto items =
        admissions("p" + std::to_string(i) + "-", 40, v1::URGENCY_IMMEDIATE, 200'000);
    ASSERT_TRUE(publisher->publish(items, std::chrono::seconds(60)).ok());
    most = std::max(most, resident_kb(world.hub.pid()));
  }
  // The recent entries (32 MB), one window on the way (8 MB), tables and buffers of the store.
  EXPECT_LT(most, kResidentKbMax);
  EXPECT_EQ(world.team_status("X99-HV").head(), 480u);
}

}  // namespace
}  // namespace switchboard::test
