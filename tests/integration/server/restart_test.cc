// The hub goes away and comes back: asked to stop, killed, restored from an older copy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/hub_world.h"
#include "tests/support/raw_client.h"

namespace switchboard::test {
namespace {

constexpr std::chrono::seconds kAnswer{15};
constexpr std::chrono::seconds kRecovery{45};

std::vector<v1::Item> admissions(const std::string& prefix, int count) {
  std::vector<v1::Item> items;
  for (int i = 1; i <= count; ++i) items.push_back(admission(prefix + std::to_string(i)));
  return items;
}

bool read_through(sdk::Client& client, uint64_t number) {
  return run_until(
      {&client}, [&] { return client.endpoint(0).store().through() == number; }, kRecovery);
}

// Headers of the deliveries this endpoint holds, whatever their epoch.
std::vector<std::string> headers(sdk::Client& client) {
  std::vector<std::string> all;
  const auto stored_entries = client.endpoint(0).store().read(0, 10'000).value();
  for (const auto& stored : stored_entries) {
    if (!stored.entry.header().empty()) all.push_back(stored.entry.header());
  }
  return all;
}

std::vector<std::string> headers(const std::vector<v1::Item>& items) {
  std::vector<std::string> all;
  for (const auto& item : items) all.push_back(item.header());
  return all;
}

void expect_verified(HubWorld& world) {
  world.hub.stop();
  std::string said;
  EXPECT_EQ(world.hub.verify(&said), 0) << said << world.hub.log();
}

TEST(HubRestart, AskedToStopItAnswersWhatCameSaysSoAndExitsClean) {
  HubWorld world;
  auto publisher = world.publisher();
  RawClient client(world.context, world.dial("x26-pas"));
  ASSERT_TRUE(client.hello().has_welcome());
  ASSERT_TRUE(publisher->publish(admissions("m", 3), kAnswer).ok());
  EXPECT_EQ(world.hub.stop(), 0);
  EXPECT_TRUE(client.next_of(v1::HubFrame::kDraining, std::chrono::seconds(2)).has_draining());
  EXPECT_FALSE(std::filesystem::exists(world.hub.store_dir() + "/endpoints.json"));
  ASSERT_TRUE(world.hub.start());
  EXPECT_EQ(world.status().events(), 3u);
  expect_verified(world);
}

TEST(HubRestart, ARestartInTheMiddleOfAStreamLosesNothingAndDoublesNothing) {
  HubWorld world;
  auto publisher = world.publisher();
  auto screen = world.endpoint();
  const auto items = admissions("m", 400);
  ASSERT_TRUE(publisher->publisher().append(items, publisher->now()).ok());
  ASSERT_TRUE(run_until({publisher.get(), screen.get()},
                        [&] { return screen->endpoint(0).store().through() > 20; }));
  EXPECT_EQ(world.hub.stop(), 0);
  ASSERT_TRUE(world.hub.start());
  ASSERT_TRUE(run_until(
      {publisher.get(), screen.get()},
      [&] { return publisher->publisher().idle() && screen->endpoint(0).store().through() == 400; },
      kRecovery));
  EXPECT_EQ(headers(*screen), headers(items));
  expect_verified(world);
}

TEST(HubRestart, CursorsAreKeptAndNothingReceivedIsSentAgainUnasked) {
  HubWorld world;
  auto publisher = world.publisher();
  auto screen = world.endpoint();
  ASSERT_TRUE(publisher->publish(admissions("m", 10), kAnswer).ok());
  ASSERT_TRUE(read_through(*screen, 10));
  ASSERT_TRUE(
      run_until({screen.get()}, [&] { return world.team_status("X99-HV").received() == 10; }));
  world.hub.kill();
  ASSERT_TRUE(world.hub.start());
  EXPECT_EQ(world.team_status("X99-HV").received(), 10u);
  screen->endpoint(0).take_arrivals();
  ASSERT_TRUE(publisher->publish(admissions("n", 1), std::chrono::seconds(30)).ok());
  ASSERT_TRUE(read_through(*screen, 11));
  const auto arrivals = screen->endpoint(0).take_arrivals();
  ASSERT_EQ(arrivals.size(), 1u);
  EXPECT_EQ(arrivals[0].entry.number(), 11u);
  expect_verified(world);
}

TEST(HubRestart, ASecondHubOnTheFolderDoesNotStartAndTheFirstGoesOn) {
  HubWorld world;
  EXPECT_NE(world.hub.run_second(), 0);
  EXPECT_TRUE(world.publisher()->publish(admissions("m", 1), kAnswer).ok());
  EXPECT_NE(world.hub.verify(), 0) << "nobody verifies under a running hub";
  expect_verified(world);
}

TEST(HubRestart, ActsSurviveAKillAndAreRecordedOnce) {
  HubWorld world;
  auto publisher = world.publisher();
  auto screen = world.endpoint();
  ASSERT_TRUE(publisher->publish(admissions("m", 5), kAnswer).ok());
  ASSERT_TRUE(read_through(*screen, 5));
  for (uint64_t n = 1; n <= 5; ++n) {
    const auto act = act_on("X99-HV", n, v1::ACT_KIND_ACKNOWLEDGE, "rosa");
    ASSERT_TRUE(screen->acts().submit(act, screen->now()).ok());
    if (n != 3) continue;
    ASSERT_TRUE(screen->run_once(std::chrono::milliseconds(20)).ok());
    world.hub.kill();
    screen.reset();
    screen = world.endpoint();
  }
  ASSERT_TRUE(world.hub.start());
  ASSERT_TRUE(run_until(
      {screen.get()}, [&] { return screen->acts().idle(); }, kRecovery));
  for (uint64_t n = 1; n <= 5; ++n) {
    const auto id = header_of({.message_id = "m" + std::to_string(n)}).event_id();
    const auto page = screen->request(read_event(id), kAnswer);
    ASSERT_TRUE(page.ok());
    int picked_up = 0;
    for (const auto& step : page->journey().recipients(0).steps()) {
      picked_up += step.state() == v1::DELIVERY_STATE_ACKNOWLEDGED;
    }
    EXPECT_EQ(picked_up, 1) << n;
  }
  expect_verified(world);
}

// ---- a lost tail: the folder is put back to an older copy ----

class HubLostTail : public testing::Test {
 protected:
  void save() {
    ASSERT_EQ(world_.hub.stop(), 0);
    std::filesystem::copy(world_.hub.store_dir(), world_.hub.dir().file("copy"),
                          std::filesystem::copy_options::recursive);
    ASSERT_TRUE(world_.hub.start());
  }
  void restore() {
    world_.hub.kill();
    std::filesystem::remove_all(world_.hub.store_dir());
    std::filesystem::rename(world_.hub.dir().file("copy"), world_.hub.store_dir());
    ASSERT_TRUE(world_.hub.start());
  }
  HubWorld world_;
};

TEST_F(HubLostTail, WhatWasPromisedIsResentNumbersBecomePlaceholdersAndStatusSaysSo) {
  auto publisher = world_.publisher();
  auto screen = world_.endpoint();
  const auto early = admissions("early", 5);
  const auto lost = admissions("lost", 7);
  ASSERT_TRUE(publisher->publish(early, kAnswer).ok());
  ASSERT_TRUE(read_through(*screen, 5));
  save();
  ASSERT_TRUE(publisher->publish(lost, std::chrono::seconds(30)).ok());
  ASSERT_TRUE(read_through(*screen, 12));
  const uint64_t position_before = world_.status().promise().position();
  restore();
  EXPECT_EQ(world_.status().events(), 5u) << "the tail is gone";

  const auto later = admissions("later", 3);
  ASSERT_TRUE(publisher->publisher().append(later, publisher->now()).ok());
  ASSERT_TRUE(run_until(
      {publisher.get(), screen.get()},
      [&] { return publisher->publisher().idle() && world_.status().events() == 15; }, kRecovery))
      << world_.hub.log();
  const auto status = world_.status();
  ASSERT_GE(status.losses_size(), 1);
  EXPECT_EQ(status.promise().epoch(), status.losses(status.losses_size() - 1).epoch());
  EXPECT_GT(status.promise().position(), position_before) << "no promised position is used again";

  const uint64_t head = world_.team_status("X99-HV").head();
  ASSERT_TRUE(read_through(*screen, head));
  // All that was promised is with the team; whoever held a lost number has it once more, marked by
  // its epoch.
  auto held = headers(*screen);
  for (const auto& list : {early, lost, later}) {
    for (const auto& header : headers(list)) {
      EXPECT_GE(std::count(held.begin(), held.end(), header), 1);
    }
  }
  // A reader that never saw the lost tail finds every number answered.
  auto fresh = world_.endpoint("fresh");
  ASSERT_TRUE(read_through(*fresh, head));
  const auto all = fresh->endpoint(0).store().read(0, 1000).value();
  ASSERT_EQ(all.size(), head);
  for (const auto& header : headers(early)) {
    EXPECT_THAT(headers(*fresh), testing::Contains(header).Times(1));
  }
  for (const auto& header : headers(lost)) {
    EXPECT_THAT(headers(*fresh), testing::Contains(header).Times(1));
  }
  expect_verified(world_);
}

TEST_F(HubLostTail, AnEndpointAloneShowsTheLossByTheNumbersItHolds) {
  auto publisher = world_.publisher();
  auto screen = world_.endpoint();
  save();
  ASSERT_TRUE(publisher->publish(admissions("lost", 4), std::chrono::seconds(30)).ok());
  ASSERT_TRUE(read_through(*screen, 4));
  publisher.reset();
  restore();
  ASSERT_TRUE(run_until(
      {screen.get()},
      [&] { return world_.status().losses_size() >= 1 && screen->endpoint(0).reading(); },
      kRecovery));
  EXPECT_EQ(world_.team_status("X99-HV").head(), 4u) << "its numbers are answered by placeholders";
  auto fresh = world_.endpoint("fresh");
  ASSERT_TRUE(read_through(*fresh, 4));
  const auto placeholders = fresh->endpoint(0).store().read(0, 10).value();
  for (const auto& stored : placeholders) {
    EXPECT_EQ(stored.entry.notice().placeholder(), v1::PLACEHOLDER_REASON_RESTORED_OVER);
  }
  publisher = world_.publisher();
  ASSERT_TRUE(run_until(
      {publisher.get()}, [&] { return world_.status().events() == 4; }, kRecovery))
      << "the publisher is asked for what it was promised";
  ASSERT_TRUE(read_through(*screen, 8));
  expect_verified(world_);
}

std::vector<v1::Item> of_the_other_agency(int count) {
  std::vector<v1::Item> items;
  for (int i = 1; i <= count; ++i) {
    EventSpec theirs;
    theirs.agency = "X99";
    theirs.message_id = "grown" + std::to_string(i);
    items.push_back(item_of(theirs));
  }
  return items;
}

// The numbers it holds have been given to other entries before it comes back. The promise they came
// with shows the loss; who published what was lost comes later.
TEST_F(HubLostTail, AReaderWhoseNumbersWereGivenAgainGoesBackToWhatBothHave) {
  auto publisher = world_.publisher();
  auto screen = world_.endpoint();
  const auto lost = admissions("lost", 4);
  const auto grown = of_the_other_agency(9);
  ASSERT_TRUE(publisher->publish(admissions("early", 3), kAnswer).ok());
  ASSERT_TRUE(read_through(*screen, 3));
  save();
  // The hub that was started again made its promise to the reader before the tail that is lost.
  ASSERT_TRUE(run_until({screen.get()}, [&] {
    return screen->session().open() && screen->endpoint(0).reading() &&
           world_.team_status("X99-HV").endpoints_connected() == 1;
  }));
  ASSERT_TRUE(publisher->publish(lost, std::chrono::seconds(30)).ok());
  ASSERT_TRUE(read_through(*screen, 7));
  publisher.reset();
  restore();
  ASSERT_TRUE(world_.publisher("other", "x99-pas")->publish(grown, kAnswer).ok());
  ASSERT_TRUE(read_through(*screen, 12));
  EXPECT_GE(world_.status().losses_size(), 1);
  publisher = world_.publisher();
  ASSERT_TRUE(run_until(
      {publisher.get(), screen.get()},
      [&] {
        const uint64_t through = screen->endpoint(0).store().through();
        return world_.status().events() == 16 && through == world_.team_status("X99-HV").head();
      },
      kRecovery));
  const auto held = headers(*screen);
  for (const auto& list : {lost, grown}) {
    for (const auto& header : headers(list)) {
      EXPECT_GE(std::count(held.begin(), held.end(), header), 1);
    }
  }
  expect_verified(world_);
}

// The old copy goes on by itself before anybody who knows better is back: positions and numbers are
// used twice, with other content.
TEST_F(HubLostTail, AnOldCopyThatWentOnBeforeItsLossWasKnownLosesNothingEither) {
  const auto early = admissions("early", 3);
  const auto lost = admissions("lost", 4);
  const auto grown = of_the_other_agency(9);
  {
    auto publisher = world_.publisher();
    auto screen = world_.endpoint();
    ASSERT_TRUE(publisher->publish(early, kAnswer).ok());
    ASSERT_TRUE(read_through(*screen, 3));
    save();
    ASSERT_TRUE(publisher->publish(lost, std::chrono::seconds(30)).ok());
    ASSERT_TRUE(read_through(*screen, 7));
  }
  restore();
  ASSERT_TRUE(world_.publisher("other", "x99-pas")->publish(grown, kAnswer).ok());
  auto publisher = world_.publisher();
  auto screen = world_.endpoint();
  ASSERT_TRUE(run_until(
      {publisher.get(), screen.get()},
      [&] {
        return world_.status().events() == 16 && publisher->publisher().idle() &&
               screen->endpoint(0).store().through() == world_.team_status("X99-HV").head();
      },
      kRecovery))
      << world_.status().DebugString() << world_.hub.log();
  EXPECT_GE(world_.status().losses_size(), 1);
  auto fresh = world_.endpoint("fresh");
  ASSERT_TRUE(read_through(*fresh, world_.team_status("X99-HV").head()));
  const auto held = headers(*screen);
  const auto anew = headers(*fresh);
  for (const auto& list : {early, lost, grown}) {
    for (const auto& header : headers(list)) {
      EXPECT_GE(std::count(held.begin(), held.end(), header), 1);
      EXPECT_EQ(std::count(anew.begin(), anew.end(), header), 1);
    }
  }
  expect_verified(world_);
}

TEST_F(HubLostTail, ActsThatWerePromisedComeAgainToo) {
  auto publisher = world_.publisher();
  auto screen = world_.endpoint();
  ASSERT_TRUE(publisher->publish(admissions("m", 1), kAnswer).ok());
  ASSERT_TRUE(read_through(*screen, 1));
  save();
  ASSERT_TRUE(
      screen->act(act_on("X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "rosa"), std::chrono::seconds(30))
          .ok());
  restore();
  const auto id = header_of({.message_id = "m1"}).event_id();
  ASSERT_TRUE(run_until(
      {screen.get()},
      [&] {
        const auto page = screen->request(read_event(id), kAnswer);
        return page.ok() &&
               page->journey().recipients(0).state() == v1::DELIVERY_STATE_ACKNOWLEDGED;
      },
      kRecovery));
  expect_verified(world_);
}

// The number that the person saw is given to another event before the hub learns what it lost.
TEST_F(HubLostTail, AnActFindsTheDeliveryThePersonSawUnderItsNewNumber) {
  auto publisher = world_.publisher();
  auto screen = world_.endpoint();
  ASSERT_TRUE(publisher->publish(admissions("early", 1), kAnswer).ok());
  ASSERT_TRUE(read_through(*screen, 1));
  save();
  ASSERT_TRUE(publisher->publish(admissions("lost", 1), std::chrono::seconds(30)).ok());
  ASSERT_TRUE(read_through(*screen, 2));
  const auto seen = screen->endpoint(0).store().find(2).value()->entry;
  publisher.reset();
  restore();
  const auto grown = of_the_other_agency(2);
  ASSERT_TRUE(world_.publisher("other", "x99-pas")->publish(grown, kAnswer).ok());
  const auto act = sdk::act_on("X99-HV", seen, v1::ACT_KIND_ACKNOWLEDGE, "rosa");
  ASSERT_TRUE(screen->acts().submit(act, screen->now()).ok());
  publisher = world_.publisher();
  ASSERT_TRUE(run_until(
      {publisher.get(), screen.get()},
      [&] { return publisher->publisher().idle() && screen->acts().idle(); }, kRecovery))
      << world_.hub.log();
  const auto journey_of = [&](const std::string& id) {
    return screen->request(read_event(id), kAnswer).value().journey();
  };
  const auto meant = journey_of(seen.notice().event_id());
  ASSERT_EQ(meant.recipients_size(), 1);
  EXPECT_NE(meant.recipients(0).number(), 2u);
  EXPECT_EQ(meant.recipients(0).state(), v1::DELIVERY_STATE_ACKNOWLEDGED);
  v1::EventHeader other;
  ASSERT_TRUE(other.ParseFromString(grown[0].header()));
  const auto now_under_it = journey_of(other.event_id());
  ASSERT_EQ(now_under_it.recipients_size(), 1);
  EXPECT_EQ(now_under_it.recipients(0).number(), 2u);
  EXPECT_LT(now_under_it.recipients(0).state(), v1::DELIVERY_STATE_ACKNOWLEDGED);
  expect_verified(world_);
}

TEST_F(HubLostTail, ALossFoundAgainByOthersIsOneLoss) {
  auto publisher = world_.publisher();
  auto other = world_.publisher("other", "x99-pas");
  auto screen = world_.endpoint();
  ASSERT_TRUE(run_until({other.get(), screen.get()},
                        [&] { return other->session().open() && screen->endpoint(0).reading(); }));
  save();
  EventSpec theirs;
  theirs.agency = "X99";
  ASSERT_TRUE(publisher->publish(admissions("lost", 4), std::chrono::seconds(30)).ok());
  const auto published = other->publish(std::vector{item_of(theirs)}, std::chrono::seconds(30));
  ASSERT_TRUE(published.ok()) << published.error().text << world_.hub.log();
  ASSERT_TRUE(read_through(*screen, 5));
  restore();
  ASSERT_TRUE(run_until(
      {publisher.get(), other.get(), screen.get()},
      [&] {
        return world_.status().events() == 5 && publisher->publisher().idle() &&
               other->publisher().idle() && screen->endpoint(0).reading();
      },
      kRecovery))
      << world_.hub.log();
  const auto status = world_.status();
  ASSERT_GE(status.losses_size(), 1);
  const auto& last = status.losses(status.losses_size() - 1);
  EXPECT_EQ(status.promise().epoch(), last.epoch());
  expect_verified(world_);
}

}  // namespace
}  // namespace switchboard::test
