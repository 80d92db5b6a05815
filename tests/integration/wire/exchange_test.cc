// What the two ends do with each other's frames, queues and connections.
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <map>
#include <vector>

#include "broker/wire/poller.h"
#include "tests/integration/wire/world.h"

namespace switchboard::wire {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

class Exchange : public testing::Test, protected World {
 protected:
  Exchange() { allow({keys_.public_key, other_keys_.public_key}); }

  const KeyPair keys_ = make_key_pair();
  const KeyPair other_keys_ = make_key_pair();
};

TEST_F(Exchange, LargeFramesArriveWholeBothWays) {
  auto router = open_router();
  auto dealer = open_dealer(*router, keys_);
  const std::string up(1'000'000, 'u'), down(700'000, 'd');
  ASSERT_TRUE(send(*dealer, up));
  const auto got = next(*router);
  EXPECT_EQ(got.bytes, up);
  ASSERT_EQ(router->send(got.from.address, std::string(down)), Sent::kYes);
  EXPECT_EQ(next(*dealer), down);
}

// Else the first answer to it looks like one over another connection than the one it was sent over.
TEST_F(Exchange, WhatIsSentGoesOverAConnectionThatHasBeenCounted) {
  auto router = open_router();
  for (int i = 0; i < 100; ++i) {
    auto dealer = open_dealer(*router, keys_);
    bool sent = false;
    for (const auto until = Clock::now() + seconds(10); !sent && Clock::now() < until;) {
      dealer->wait(milliseconds(0));
      sent = dealer->send("hello");
    }
    ASSERT_TRUE(sent);
    EXPECT_EQ(dealer->connections(), 1U) << i;
    EXPECT_TRUE(dealer->connected());
  }
}

TEST_F(Exchange, AFrameThatCannotBeSentStaysWithItsSender) {
  auto router = open_router();
  auto options = dealer_options(*router, keys_);
  options.connect = "tcp://127.0.0.1:1";  // nobody listens there
  auto dealer = open_dealer(options);
  for (const size_t size : {10u, 100'000u}) {
    std::string frame(size, 'x');
    EXPECT_FALSE(dealer->send(std::move(frame)));
    ASSERT_EQ(frame, std::string(size, 'x'));
    EXPECT_EQ(router->send("no such address", std::move(frame)), Sent::kGone);
    EXPECT_EQ(frame, std::string(size, 'x'));
  }
}

TEST_F(Exchange, APeerThatLeftIsGone) {
  auto router = open_router();
  auto dealer = open_dealer(*router, keys_);
  ASSERT_TRUE(send(*dealer, "hello"));
  const auto address = next(*router).from.address;
  ASSERT_EQ(router->send(address, std::string_view("x")), Sent::kYes);
  dealer.reset();
  EXPECT_TRUE(
      eventually([&] { return router->send(address, std::string_view("x")) == Sent::kGone; }));
}

TEST_F(Exchange, APeerThatDoesNotReadFillsOnlyItsOwnQueue) {
  auto options = router_options();
  options.high_water_out = 4;
  auto router = open_router(options);
  auto slow_options = dealer_options(*router, keys_);
  slow_options.high_water = 4;
  auto slow = open_dealer(slow_options);
  ASSERT_TRUE(send(*slow, "slow"));
  const auto slow_address = next(*router).from.address;
  auto quick = open_dealer(*router, other_keys_);
  ASSERT_TRUE(send(*quick, "quick"));
  const auto quick_address = next(*router).from.address;
  // The kernel's buffers take some megabytes first.
  EXPECT_TRUE(eventually(
      [&] { return router->send(slow_address, std::string(1'000'000, 's')) == Sent::kFull; }));
  EXPECT_EQ(router->send(quick_address, std::string_view("past it")), Sent::kYes);
  EXPECT_EQ(next(*quick), "past it");
}

// P9: what is for an address goes to the connection that spoke from it, and to nobody after it.
TEST_F(Exchange, NobodyTakesOverTheAddressOfAnotherWhileItIsThereOrAfterwards) {
  auto router = open_router();
  auto first = open_dealer(*router, keys_);
  ASSERT_TRUE(send(*first, "first"));
  const auto address = next(*router).from.address;
  auto options = dealer_options(*router, other_keys_);
  options.routing_id = address;
  auto thief = open_dealer(options);
  ASSERT_TRUE(connected(*thief));
  thief->send("mine now");
  Sender from;
  Frame frame;
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(router->receive(from, frame)) << frame.bytes();
    ASSERT_EQ(router->send(address, std::string_view("for the first")), Sent::kYes);
    EXPECT_EQ(next(*first), "for the first");
  }
  first.reset();
  EXPECT_TRUE(
      eventually([&] { return router->send(address, std::string_view("x")) == Sent::kGone; }));
  auto later = open_dealer(options);  // the address is free now, and nobody's
  ASSERT_TRUE(connected(*later));
  EXPECT_EQ(router->send(address, std::string_view("for the first")), Sent::kGone);
  EXPECT_FALSE(later->receive(frame));
  EXPECT_FALSE(thief->receive(frame));
}

TEST_F(Exchange, APeerThatChoosesItsRoutingIdIsCut) {
  auto router = open_router();
  auto options = dealer_options(*router, keys_);
  options.routing_id = "desk 1";
  auto dealer = open_dealer(options);
  ASSERT_TRUE(send(*dealer, "hello"));
  Sender from;
  Frame frame;
  EXPECT_TRUE(eventually([&] { return !router->receive(from, frame) && router->cut() > 0; }));
  EXPECT_EQ(router->send("desk 1", std::string_view("x")), Sent::kGone);
}

TEST_F(Exchange, AKeyHasSoManyConnectionsAndOneMoreOnlyWhenOneHasGone) {
  auto router_options = this->router_options();
  router_options.per_key_max = 3;
  auto router = open_router(router_options);
  std::vector<std::unique_ptr<Dealer>> dealers;
  for (int i = 0; i < 3; ++i) {
    dealers.push_back(open_dealer(*router, keys_));
    ASSERT_TRUE(send(*dealers.back(), "in"));
    EXPECT_EQ(next(*router).bytes, "in");
  }
  auto one_more = open_dealer(*router, keys_);
  ASSERT_TRUE(send(*one_more, "one more"));
  Sender from;
  Frame frame;
  EXPECT_TRUE(eventually([&] { return !router->receive(from, frame) && router->cut() > 0; }));
  auto other = open_dealer(*router, other_keys_);
  ASSERT_TRUE(send(*other, "other"));
  EXPECT_EQ(next(*router).from.public_key, other_keys_.public_key);
  ASSERT_TRUE(send(*dealers.back(), "still in"));
  EXPECT_EQ(next(*router).bytes, "still in");
  dealers.clear();
  EXPECT_TRUE(eventually([&] {
    one_more->send("one more");
    return router->receive(from, frame);
  }));
  EXPECT_EQ(from.public_key, keys_.public_key);
}

TEST_F(Exchange, AHubThatComesBackIsANewConnection) {
  auto router = open_router();
  const auto endpoint = router->endpoint();
  auto dealer = open_dealer(*router, keys_);
  ASSERT_TRUE(connected(*dealer));
  EXPECT_EQ(dealer->connections(), 1u);
  router.reset();
  ASSERT_TRUE(eventually([&] { return !dealer->connected(); }));
  EXPECT_FALSE(dealer->send("into the dark"));
  // The port is free once the old socket is closed by its I/O thread.
  ASSERT_TRUE(eventually([&] {
    auto reopened = Router::open(context_, router_options(endpoint));
    if (reopened.ok()) router = std::move(reopened).value();
    return router != nullptr;
  }));
  ASSERT_TRUE(eventually([&] { return dealer->connections() == 2; }));
  EXPECT_TRUE(dealer->connected());
  ASSERT_TRUE(send(*dealer, "again"));
  EXPECT_EQ(next(*router).bytes, "again");
}

TEST_F(Exchange, TwoHundredClientsGetTheirOwnAnswers) {
  auto router = open_router();
  std::vector<std::unique_ptr<Dealer>> dealers;
  for (int i = 0; i < 200; ++i) dealers.push_back(open_dealer(*router, keys_));
  for (size_t i = 0; i < dealers.size(); ++i) ASSERT_TRUE(send(*dealers[i], std::to_string(i)));
  std::map<std::string, std::string> addresses;
  for (size_t i = 0; i < dealers.size(); ++i) {
    const auto got = next(*router);
    addresses[got.bytes] = got.from.address;
  }
  ASSERT_EQ(addresses.size(), dealers.size());
  for (const auto& [name, address] : addresses) {
    ASSERT_EQ(router->send(address, std::string_view(name)), Sent::kYes);
  }
  for (size_t i = 0; i < dealers.size(); ++i) EXPECT_EQ(next(*dealers[i]), std::to_string(i));
}

TEST_F(Exchange, ThePollerTellsWhichRouterAndWhichFdIsReadyUntilItIsRead) {
  auto clients = open_router(), admin = open_router();
  const int wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  Poller poller;
  const auto clients_at = poller.add(*clients), admin_at = poller.add(*admin);
  const auto wake_at = poller.add(wake);
  EXPECT_FALSE(poller.wait(milliseconds(0)));
  auto dealer = open_dealer(*admin, keys_);
  ASSERT_TRUE(send(*dealer, "one"));
  for (int i = 0; i < 2; ++i) {  // not read, so ready again
    ASSERT_TRUE(poller.wait(milliseconds(10'000)));
    EXPECT_TRUE(poller.ready(admin_at));
    EXPECT_FALSE(poller.ready(clients_at));
    EXPECT_FALSE(poller.ready(wake_at));
  }
  EXPECT_EQ(next(*admin).bytes, "one");
  ASSERT_EQ(eventfd_write(wake, 1), 0);
  ASSERT_TRUE(poller.wait(milliseconds(10'000)));
  EXPECT_TRUE(poller.ready(wake_at));
  EXPECT_FALSE(poller.ready(admin_at));
  close(wake);
}

TEST_F(Exchange, TheDealerWaitsForFramesConnectionsAndWakeUps) {
  auto router = open_router();
  auto dealer = open_dealer(*router, keys_);
  const auto start = std::chrono::steady_clock::now();
  while (!dealer->connected()) dealer->wait(milliseconds(60'000));
  const int wake = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);
  dealer->wait(milliseconds(60'000), wake);
  close(wake);
  ASSERT_TRUE(send(*dealer, "ask"));
  ASSERT_EQ(router->send(next(*router).from.address, std::string_view("answer")), Sent::kYes);
  dealer->wait(milliseconds(60'000));
  Frame frame;
  EXPECT_TRUE(dealer->receive(frame));
  dealer->wait(milliseconds(1));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(50));
}

}  // namespace switchboard::wire
