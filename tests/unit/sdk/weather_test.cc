// Any weather: frames lost, repeated, swapped; the client killed at any point, its disk keeping any
// front part of what was not synced; the hub restarted, and losing its tail. What must hold: every
// item a caller was given custody of reaches the hub, once, in order; every entry of the log
// reaches the endpoint's store, without a gap; every act is done once, in the order of its
// delivery.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>

#include "adapters/sdk/verdict.h"
#include "broker/kv/mem_kv.h"
#include "tests/support/fake_hub.h"
#include "tests/support/sdk_client.h"

namespace switchboard::sdk {
namespace {

using test::FakeHub;
using test::SdkClient;

constexpr char kTeam[] = "X26-MIDWIFERY";

class Weather {
 public:
  explicit Weather(uint32_t seed) : random_(seed) {
    hub_.set_window(300, 9);
    hub_.judge = [this](const v1::Item& item) -> std::optional<v1::Code> {
      if (item.header().starts_with("bad")) return v1::CODE_INVALID;
      if (stormy_ && chance(10)) return v1::CODE_BUSY;
      return std::nullopt;
    };
    hub_.judge_act = [this](const v1::Act&) -> std::optional<v1::Code> {
      if (stormy_ && chance(5)) return v1::CODE_BUSY;
      return std::nullopt;
    };
    start_client();
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) step();
    stormy_ = false;
    for (int i = 0; i < 20'000 && !settled(); ++i) step();
  }
  void judge() {
    ASSERT_TRUE(settled()) << "events " << client_->publisher.idle() << " acts "
                           << client_->acts.idle() << " log " << client_->store.through() << "/"
                           << hub_.received(kTeam) << "/" << hub_.log(kTeam).size() << " state "
                           << static_cast<int>(client_->session.state()) << " "
                           << client_->session.last_drop();
    std::vector<std::string> taken;
    for (const auto& item : hub_.taken()) taken.push_back(item.header);
    EXPECT_EQ(taken, promised_) << "everything in custody, once, in order";
    std::vector<std::string> refused;
    const auto refusals = client_->outbox->refusals(0, 10'000).value();
    for (const auto& refusal : refusals) {
      refused.push_back(v1_item(client_->outbox->refused_item(refusal.sequence).value()).header());
    }
    EXPECT_EQ(refused, promised_bad_) << "refused, and still there";
    uint64_t number = 0;
    const auto entries = client_->store.read(0, 10'000).value();
    for (const auto& stored : entries) {
      if (stored.epoch != client_->store.epoch() &&
          client_->store.find(stored.entry.number()).value()->epoch != stored.epoch) {
        continue;  // an older copy beside a newer
      }
      EXPECT_EQ(stored.entry.number(), ++number) << "P5";
      EXPECT_EQ(stored.entry.header(), hub_.log(kTeam).at(number - 1));
    }
    EXPECT_EQ(number, hub_.log(kTeam).size());
    EXPECT_EQ(hub_.acts().size(), acts_.size());
    EXPECT_TRUE(std::is_permutation(
        hub_.acts().begin(), hub_.acts().end(), acts_.begin(),
        [](const v1::Act& a, const v1::Act& b) { return a.act_id() == b.act_id(); }));
    std::map<uint64_t, int64_t> last;
    for (const auto& act : hub_.acts()) {
      EXPECT_GT(act.at_us(), last[act.number()]) << "acts on one delivery keep their order";
      last[act.number()] = act.at_us();
    }
  }
  uint64_t crashes() const { return crashes_; }

 private:
  static v1::Item v1_item(const std::string& bytes) {
    v1::Item item;
    EXPECT_TRUE(item.ParseFromString(bytes));
    return item;
  }
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  bool settled() {
    return client_->publisher.idle() && client_->acts.idle() &&
           client_->store.through() == hub_.log(kTeam).size() &&
           hub_.received(kTeam) == hub_.log(kTeam).size();
  }

  void step() {
    now_ = now_ + milliseconds(1 + random_() % 50);
    if (stormy_) work();
    if (stormy_ && chance(2)) crash();
    if (stormy_ && chance(2)) break_connection();
    if (stormy_ && chance(1)) hub_.restart();
    if (stormy_ && chance(1) && crashes_ % 2 == 0) lose_tail();
    // Nothing moves: let time pass to when somebody wants to act.
    if (chance(30) && client_->conversation.wakes_at()) {
      now_ = std::max(now_, *client_->conversation.wakes_at());
    }
    if (!connected_ || client_->conversation.wants_connection(now_)) connect();
    if (chance(70)) send();
    if (chance(70))
      carry(to_hub_, [this](const std::string& bytes) {
        for (auto& frame : hub_.hear(connection_, bytes, now_)) say(frame);
      });
    for (auto& frame : hub_.deliver(connection_)) say(frame);
    if (chance(70))
      carry(to_client_, [this](const std::string& bytes) {
        ASSERT_TRUE(client_->conversation.hear(bytes, now_).ok());
      });
    if (chance(50)) {
      ASSERT_TRUE(client_->conversation.flush().ok());
    }
    client_->publisher.take_outcomes();
    client_->acts.take_outcomes();
    client_->endpoint.take_arrivals();
  }

  void work() {
    if (chance(30)) {
      const bool bad = chance(10);
      const std::string header = (bad ? "bad " : "event ") + std::to_string(++made_);
      ASSERT_TRUE(client_->publish(header, now_).ok());
      (bad ? promised_bad_ : promised_).push_back(header);
    }
    if (chance(20)) hub_.add_entry(kTeam, "entry " + std::to_string(++made_));
    if (chance(10)) {
      v1::Act act;
      act.set_team(kTeam);
      act.set_number(1 + random_() % 3);
      act.set_kind(v1::ACT_KIND_OPEN);
      act.set_at_us(now_.us);
      const auto id = client_->acts.submit(act, now_);
      ASSERT_TRUE(id.ok());
      act.set_act_id(std::string(id->view()));
      acts_.push_back(act);
    }
  }

  void send() {
    for (int i = 0; i < 4; ++i) {
      auto frame = client_->conversation.next(now_).value();
      if (!frame) return;
      to_hub_.push_back(*frame);
    }
  }
  void say(const v1::HubFrame& frame) { to_client_.push_back(frame.SerializeAsString()); }

  template <typename Arrive>
  void carry(std::deque<std::string>& way, Arrive&& arrive) {
    for (int i = 0; i < 4 && !way.empty(); ++i) {
      if (stormy_ && way.size() > 1 && chance(5)) std::swap(way[0], way[1]);
      const std::string bytes = way.front();
      if (!(stormy_ && chance(5))) way.pop_front();  // else it comes again
      if (stormy_ && chance(5)) continue;            // lost
      arrive(bytes);
    }
  }

  void start_client() {
    SdkClient::Options options;
    options.publisher.frame_items = 3;
    options.endpoint.credit_items = 8;
    options.seed = static_cast<uint8_t>(++starts_);
    client_ = std::make_unique<SdkClient>(kv_, options);
  }
  void connect() {
    hub_.forget(connection_);
    ++connection_;
    to_hub_.clear();
    to_client_.clear();
    connected_ = true;
    client_->conversation.disconnected();
    client_->conversation.connected(now_);
  }
  void break_connection() {
    connected_ = false;
    client_->conversation.disconnected();
  }
  void crash() {
    ++crashes_;
    client_.reset();
    kv_.crash(kv_.unsynced() == 0 ? 0 : random_() % (kv_.unsynced() + 1));
    start_client();
    EXPECT_GE(client_->store.through(), hub_.received(kTeam)) << "P1: received means stored";
    connected_ = false;
  }
  void lose_tail() {
    hub_.lose_tail(random_() % 5);
    connected_ = false;
    client_->conversation.disconnected();
  }

  std::mt19937 random_;
  kv::MemKv kv_;
  FakeHub hub_;
  std::unique_ptr<SdkClient> client_;
  Time now_{1'800'000'000'000'000};
  bool stormy_ = true;
  bool connected_ = false;
  uint64_t connection_ = 1;
  uint64_t made_ = 0;
  uint64_t crashes_ = 0;
  int starts_ = 0;
  std::deque<std::string> to_hub_, to_client_;
  std::vector<std::string> promised_, promised_bad_;
  std::vector<v1::Act> acts_;
};

TEST(AnyWeather, NothingInCustodyIsLostRepeatedOrOutOfOrder) {
  uint64_t crashes = 0;
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Weather weather(seed);
    weather.run(1500);
    weather.judge();
    crashes += weather.crashes();
    if (::testing::Test::HasFailure()) break;
  }
  EXPECT_GT(crashes, 300u) << "the weather was too fine";
}

}  // namespace
}  // namespace switchboard::sdk
