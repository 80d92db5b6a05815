// P9: who is let in, who is not, and what a removed key can still do.
#include <gtest/gtest.h>

#include "tests/integration/wire/world.h"

namespace switchboard::wire {

class Admission : public testing::Test, protected World {};

TEST_F(Admission, AKnownKeyGetsThroughAndNamesItsSender) {
  const auto keys = make_key_pair();
  allow({keys.public_key});
  auto router = open_router();
  auto dealer = open_dealer(*router, keys);
  ASSERT_TRUE(send(*dealer, "hello"));
  const auto got = next(*router);
  EXPECT_EQ(got.bytes, "hello");
  EXPECT_EQ(got.from.public_key, keys.public_key);
  ASSERT_EQ(router->send(got.from.address, std::string_view("welcome")), Sent::kYes);
  EXPECT_EQ(next(*dealer), "welcome");
}

TEST_F(Admission, AStrangerIsRefusedAndLetInOnceItsKeyIsAllowed) {
  const auto keys = make_key_pair();
  allow({make_key_pair().public_key});
  auto router = open_router();
  auto dealer = open_dealer(*router, keys);
  ASSERT_TRUE(eventually([&] { return dealer->refused(); }));
  EXPECT_EQ(dealer->connections(), 0u);
  EXPECT_FALSE(dealer->send("let me in"));
  EXPECT_GE(zap_->refused(), 1u);
  allow({keys.public_key});
  ASSERT_TRUE(connected(*dealer));
  EXPECT_FALSE(dealer->refused());
  EXPECT_EQ(dealer->connections(), 1u);
}

TEST_F(Admission, WithoutASetNobodyIsLetIn) {
  auto router = open_router();
  auto dealer = open_dealer(*router, make_key_pair());
  ASSERT_TRUE(eventually([&] { return dealer->refused(); }));
  EXPECT_EQ(dealer->connections(), 0u);
}

TEST_F(Admission, ASetOfAnotherDomainCountsForNothing) {
  const auto keys = make_key_pair();
  zap_->allow("admin", {keys.public_key});
  auto router = open_router();
  auto dealer = open_dealer(*router, keys);
  ASSERT_TRUE(eventually([&] { return dealer->refused(); }));
}

TEST_F(Admission, AClientWithAWrongHubKeyNeverConnects) {
  const auto keys = make_key_pair();
  allow({keys.public_key});
  auto router = open_router();
  auto options = dealer_options(*router, keys);
  options.hub_public_key = make_key_pair().public_key;
  auto astray = open_dealer(options);
  auto dealer = open_dealer(*router, keys);
  ASSERT_TRUE(send(*dealer, "right key"));
  EXPECT_EQ(next(*router).bytes, "right key");
  EXPECT_EQ(astray->connections(), 0u);
  EXPECT_FALSE(astray->send("wrong key"));
}

TEST_F(Admission, APlainClientNeverConnects) {
  const auto keys = make_key_pair();
  allow({keys.public_key, ""});
  auto router = open_router();
  auto plain = open_dealer({.connect = router->endpoint(), .curve = false});
  auto dealer = open_dealer(*router, keys);
  ASSERT_TRUE(send(*dealer, "sealed"));
  EXPECT_EQ(next(*router).bytes, "sealed");
  EXPECT_EQ(plain->connections(), 0u);
  EXPECT_FALSE(plain->send("open"));
}

TEST_F(Admission, ARemovedKeyKeepsItsConnectionUnderItsNameButGetsNoNewOne) {
  const auto keys = make_key_pair();
  allow({keys.public_key});
  auto router = open_router();
  auto dealer = open_dealer(*router, keys);
  ASSERT_TRUE(connected(*dealer));
  allow({});
  ASSERT_TRUE(send(*dealer, "still here"));
  EXPECT_EQ(next(*router).from.public_key, keys.public_key);
  auto again = open_dealer(*router, keys);
  ASSERT_TRUE(eventually([&] { return again->refused(); }));
}

TEST_F(Admission, TheSelfTestPassesOnAGuardedRouterAndLeavesTheSetAsItWas) {
  const auto keys = make_key_pair();
  allow({keys.public_key});
  auto router = open_router();
  const auto status = self_test(context_, *zap_, kDomain, router->endpoint(), hub_keys_);
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(zap_->allowed(kDomain), std::set<std::string>{keys.public_key});
  auto dealer = open_dealer(*router, keys);
  EXPECT_TRUE(connected(*dealer));
}

TEST_F(Admission, TheSelfTestFailsWhereNoGuardedHubAnswers) {
  auto options = router_options();
  options.curve = false;
  auto open = open_router(options);
  const auto status = self_test(context_, *zap_, kDomain, open->endpoint(), hub_keys_);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, v1::CODE_INTERNAL);
}

TEST_F(Admission, TheSelfTestFailsWhereEveryKeyIsLetIn) {
  auto router = open_router();
  zap_.reset();  // now libzmq itself admits every key
  Context outside;
  auto zap = Zap::start(outside).value();
  const auto status = self_test(outside, *zap, kDomain, router->endpoint(), hub_keys_);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, v1::CODE_INTERNAL);
}

TEST_F(Admission, FramesThatPassedNoGuardAreDroppedAndCounted) {
  auto router = open_router();
  zap_.reset();  // now libzmq itself admits every key
  auto dealer = open_dealer(*router, make_key_pair());
  ASSERT_TRUE(send(*dealer, "nobody asked me"));
  Sender from;
  Frame frame;
  EXPECT_TRUE(eventually([&] { return !router->receive(from, frame) && router->dropped() == 1; }));
}

TEST_F(Admission, WhenTheZapThreadHasEndedNobodyNewIsHeardAndItIsKnown) {
  const auto keys = make_key_pair();
  allow({keys.public_key});
  auto router = open_router();
  auto inside = open_dealer(*router, keys);
  ASSERT_TRUE(send(*inside, "inside"));
  EXPECT_EQ(next(*router).bytes, "inside");
  ASSERT_TRUE(zap_->alive());
  zap_->stop();
  EXPECT_FALSE(zap_->alive());
  allow({keys.public_key});  // nobody takes it; it does not wait for ever
  auto stranger = open_dealer(*router, make_key_pair());
  auto known = open_dealer(*router, keys);
  ASSERT_TRUE(send(*stranger, "stranger"));
  ASSERT_TRUE(send(*known, "known"));
  Sender from;
  Frame frame;
  EXPECT_TRUE(eventually([&] { return !router->receive(from, frame) && router->dropped() >= 2; }));
  ASSERT_TRUE(send(*inside, "still inside"));
  EXPECT_EQ(next(*router).bytes, "still inside");
}

TEST(Guard, ACurveRouterNeedsItsZapThreadAndADomain) {
  Context context;
  Router::Options options{
      .bind = "tcp://127.0.0.1:0", .keys = make_key_pair(), .zap_domain = kDomain};
  EXPECT_EQ(Router::open(context, options).error().code, v1::CODE_INTERNAL);
  auto zap = Zap::start(context).value();
  EXPECT_TRUE(Router::open(context, options).ok());
  options.zap_domain.clear();
  EXPECT_EQ(Router::open(context, options).error().code, v1::CODE_INVALID);
  EXPECT_FALSE(Zap::start(context).ok());
}

TEST(Guard, WithoutCurveOnlyLoopbackIsAllowed) {
  Context context;
  EXPECT_EQ(Router::open(context, {.bind = "tcp://0.0.0.0:0", .curve = false}).error().code,
            v1::CODE_NOT_ALLOWED);
  EXPECT_TRUE(Router::open(context, {.bind = "tcp://127.0.0.1:0", .curve = false}).ok());
}

}  // namespace switchboard::wire
