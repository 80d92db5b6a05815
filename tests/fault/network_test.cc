// The network between the real processes does all it can, and processes stop for a while (SIGSTOP).
// ROUNDS=n, SEED=s: more of it; HOLD_MS=35000: each harm for longer than every timeout.
#include "tests/fault/world_fixture.h"

namespace switchboard::test {
namespace {

using Harm = TcpProxy::Harm;
using std::chrono::milliseconds;

constexpr Harm kHarms[] = {Harm::kHalfOpen, Harm::kOneWay, Harm::kOtherWay, Harm::kStall,
                           Harm::kTrickle,  Harm::kDelay,  Harm::kRefuse};

// What is held for long must not become a backlog.
const int kPaceMs = setting("HOLD_MS", 0) > 1000 ? 400 : 40;

class Network : public WorldFixture {
 protected:
  Network()
      : WorldFixture({.pace_ms = kPaceMs, .hub_settings = {}, .proxied = true}, "network", "all") {}

  // Ends early only if something is wrong.
  void hold() {
    const uint64_t most = setting("HOLD_MS", 0);
    const milliseconds time(most > 0 ? most : 50 + random_() % 700);
    eventually([&] { return !world_.troubles().empty() || !world_.world.hub.running(); }, time);
  }
  void harm(Harm harm) {
    world_.proxy().harm(harm);
    hold();
    world_.proxy().harm(Harm::kNone);
    // Without a word for the ends, as well as with one.
    if (random_() % 2 == 0) world_.proxy().reset_all();
    ASSERT_TRUE(world_.moves_on(10)) << TcpProxy::name_of(harm) << "\n" << world_.logs();
    ++runs_;
    add(line_, TcpProxy::name_of(harm), 1);
  }

  const uint64_t rounds_ = setting("ROUNDS", 1);
};
FaultWorld world_;
uint64_t runs_ = 0;
Json line_ = report_line("network", "all", seed_);
};

TEST_F(Network, HalfOpenOneWaySlowAndRefusedConnectionsLoseNothing) {
  for (uint64_t round = 0; round < rounds_ && !HasFailure(); ++round) {
    for (const Harm each : kHarms) {
      if (!HasFailure()) harm(each);
    }
  }
  EXPECT_GT(world_.proxy().swallowed(), 0u);
  end("all");
}

TEST_F(Network, AResetInTheMiddleOfAnyMessageLosesNothing) {
  line_ = report_line("reset in mid-message", "all", seed_);
  for (uint64_t i = 0; i < 12 * rounds_ && !HasFailure(); ++i) {
    const uint64_t before = world_.proxy().reset();
    world_.proxy().reset_after(2 + random_() % 20'000);
    ASSERT_TRUE(
        eventually([&] { return world_.proxy().reset() > before; }, std::chrono::seconds(60)));
    ASSERT_TRUE(world_.moves_on(5)) << world_.logs();
    ++runs_;
  }
  end("all");
}

TEST_F(Network, AStormOfReconnectsEndsWithEverybodyServed) {
  line_ = report_line("reconnect storm", "all", seed_);
  ASSERT_TRUE(world_.moves_on(5));
  for (uint64_t i = 0; i < 20 * rounds_; ++i) {
    const uint64_t before = world_.proxy().accepted();
    world_.proxy().reset_all();
    ASSERT_TRUE(
        eventually([&] { return world_.proxy().accepted() > before; }, std::chrono::seconds(60)));
    ++runs_;
  }
  ASSERT_TRUE(world_.moves_on(20)) << world_.logs();
  end("all");
}

// SIGSTOP: it answers nothing and hears nothing, but its connections stay.
TEST_F(Network, AProcessThatStandsStillForAWhileGoesOnWhereItWas) {
  line_ = report_line("SIGSTOP", "all", seed_);
  for (uint64_t round = 0; round < rounds_ && !HasFailure(); ++round) {
    world_.world.hub.pause();
    hold();
    world_.world.hub.resume();
    ASSERT_TRUE(world_.moves_on(10)) << "the hub\n" << world_.logs();
    add(line_, "hub", 1);
    ++runs_;
    for (const auto& member : world_.members()) {
      member->child().pause();
      hold();
      member->child().resume();
      ASSERT_TRUE(world_.works(*member)) << member->name() << "\n" << world_.logs();
      add(line_, name_of(member->role()), 1);
      ++runs_;
    }
  }
  end("all");
}

}  // namespace
}  // namespace switchboard::test
