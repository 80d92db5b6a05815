// Live and catch-up, changed over many times in random order: this is where an entry would be lost,
// doubled or swapped. Endpoints come and go, acts and replays happen, the directory changes, and
// each endpoint's own store must still hold every number once, in order, with the right content.
// SWITCH_OVER_SEEDS=n runs more.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "tests/support/hub_world.h"

namespace switchboard::test {
namespace {

constexpr size_t kEndpoints = 3;

class Weather {
 public:
  Weather(HubWorld& world, sdk::Client& publisher, unsigned seed)
      : world_(world), publisher_(publisher), random_(seed), seed_(seed) {
    clients_.resize(kEndpoints);
    last_.resize(kEndpoints);
  }

  void run() {
    for (int step = 0; step < 60; ++step) one_step();
    settle();
  }

 private:
  unsigned draw(unsigned below) { return static_cast<unsigned>(random_()) % below; }

  void one_step() {
    switch (draw(12)) {
      case 0:
      case 1:
        drop_or_open(draw(kEndpoints));
        break;
      case 2:
        replay();
        break;
      case 3:
        change_directory();
        break;
      case 4:
        act();
        break;
      default:
        publish(1 + draw(30));
    }
    for (unsigned turns = draw(6); turns > 0; --turns) turn();
  }

  void publish(unsigned count) {
    std::vector<v1::Item> items;
    for (unsigned i = 0; i < count; ++i) {
      EventSpec spec;
      spec.message_id = std::to_string(seed_) + "-" + std::to_string(++published_);
      spec.urgency = draw(8) == 0 ? v1::URGENCY_IMMEDIATE : v1::URGENCY_ROUTINE;
      spec.padding = draw(6) == 0 ? draw(60'000) : draw(300);
      items.push_back(item_of(spec));
      expected_.push_back(items.back().header());
    }
    ASSERT_TRUE(publisher_.publisher().append(items, publisher_.now()).ok());
  }

  void drop_or_open(size_t i) {
    if (clients_[i]) {
      take(i);
      clients_[i].reset();  // as if it had crashed: nothing is said
      return;
    }
    sdk::Endpoint::Options reading;
    reading.credit_items = 1 + draw(40);
    reading.credit_bytes = 1 + draw(200'000);
    const std::string name = "s" + std::to_string(seed_) + "-" + std::to_string(i);
    clients_[i] = world_.endpoint(name, "x99-screen", "X99-HV", reading);
    last_[i] = clients_[i]->endpoint(0).store().through();
  }

  void replay() {
    v1::AdminRequest request;
    request.set_reason("weather");
    request.mutable_replay()->set_team("X99-HV");
    request.mutable_replay()->set_from_number(1 + draw(200));
    const auto plan = world_.ask(request);
    if (!plan.ok() || plan->replay().count() == 0) return;
    request.mutable_replay()->set_execute(true);
    request.mutable_replay()->set_confirm(plan->replay().count());
    (void)world_.ask(request);  // another event meanwhile: a conflict, and no replay
  }

  void change_directory() {
    v1::Directory change;
    auto person = world_.directory().people(1);
    person.set_role("role " + std::to_string(draw(1000)));
    *change.add_people() = person;
    ASSERT_TRUE(world_.apply(change).ok());
  }

  void act() {
    for (auto& client : clients_) {
      if (!client || client->endpoint(0).store().through() == 0) continue;
      const uint64_t number =
          1 + draw(static_cast<unsigned>(client->endpoint(0).store().through()));
      const auto done = act_on("X99-HV", number, v1::ACT_KIND_OPEN, "rosa");
      ASSERT_TRUE(client->acts().submit(done, client->now()).ok());
      return;
    }
  }

  void turn() {
    ASSERT_TRUE(publisher_.run_once(std::chrono::milliseconds(1)).ok());
    for (size_t i = 0; i < kEndpoints; ++i) {
      if (!clients_[i]) continue;
      ASSERT_TRUE(clients_[i]->run_once(std::chrono::milliseconds(1)).ok());
      take(i);
    }
  }

  void take(size_t i) {
    for (const auto& arrival : clients_[i]->endpoint(0).take_arrivals()) {
      if (arrival.turn != sdk::Endpoint::Turn::kNew) continue;
      EXPECT_EQ(arrival.entry.number(), last_[i] + 1) << "seed " << seed_;
      last_[i] = arrival.entry.number();
    }
  }

  bool all_there() {
    const uint64_t head = world_.team_status("X99-HV").head();
    for (auto& client : clients_) {
      if (!client->acts().idle() || client->endpoint(0).store().through() != head) return false;
    }
    return true;
  }

  void settle() {
    for (size_t i = 0; i < kEndpoints; ++i) {
      if (!clients_[i]) drop_or_open(i);
    }
    ASSERT_TRUE(eventually([&] { return turn(), publisher_.publisher().idle(); }));
    ASSERT_TRUE(eventually(
        [&] {
          for (int i = 0; i < 20; ++i) turn();
          return all_there();
        },
        std::chrono::seconds(30)))
        << "seed " << seed_ << "\n"
        << world_.team_status("X99-HV").DebugString() << world_.hub.log();
    for (auto& client : clients_) check(*client);
  }

  // What it stored are this run's events, once each, in the order they were published.
  void check(sdk::Client& client) {
    const auto stored = client.endpoint(0).store().read(0, 1'000'000).value();
    std::vector<std::string> headers;
    uint64_t number = 0;
    for (const auto& one : stored) {
      EXPECT_EQ(one.entry.number(), ++number) << "seed " << seed_;
      if (one.entry.notice().type() != v1::ENTRY_TYPE_DELIVERY) continue;
      v1::EventHeader header;
      ASSERT_TRUE(header.ParseFromString(one.entry.header()));
      const bool ours = header.source_message_id().starts_with(std::to_string(seed_) + "-");
      if (ours) headers.push_back(one.entry.header());
    }
    EXPECT_EQ(headers, expected_) << "seed " << seed_;
    EXPECT_EQ(client.endpoint(0).gaps(), 0u) << "seed " << seed_;
  }

  HubWorld& world_;
  sdk::Client& publisher_;
  std::mt19937 random_;
  unsigned seed_;
  unsigned published_ = 0;
  std::vector<std::unique_ptr<sdk::Client>> clients_;
  std::vector<uint64_t> last_;
  std::vector<std::string> expected_;
};

TEST(HubSwitchOver, EveryEndpointHoldsEveryNumberOnceWhateverHappensInBetween) {
  const char* asked = std::getenv("SWITCH_OVER_SEEDS");
  const unsigned seeds = asked == nullptr ? 6 : static_cast<unsigned>(std::atoi(asked));
  for (unsigned seed = 1; seed <= seeds && !testing::Test::HasFailure(); ++seed) {
    HubWorld world;
    auto publisher = world.publisher();
    Weather(world, *publisher, seed).run();
    EXPECT_EQ(world.hub.stop(), 0);
    std::string said;
    EXPECT_EQ(world.hub.verify(&said), 0) << said;
  }
}

}  // namespace
}  // namespace switchboard::test
