#include "adapters/sdk/client.h"

#include <gtest/gtest.h>

#include "tests/integration/sdk/socket_hub.h"
#include "tests/support/temp_dir.h"

namespace switchboard::sdk {
namespace {

using test::SocketHub;
using namespace std::chrono_literals;

constexpr char kTeam[] = "X26-MIDWIFERY";

class ClientTest : public ::testing::Test {
 protected:
  Client::Options options() const {
    return {.program = "test 1",
            .hub = hub_.dial(),
            .dir = dir_.file("client"),
            .outbox = Outbox::Options{},
            .acts = true,
            .logs = {{.team = kTeam, .reading = {.name = "screen"}}}};
  }
  std::unique_ptr<Client> open(const Client::Options& with) {
    auto client = Client::open(hub_.context(), with);
    EXPECT_TRUE(client.ok()) << client.error().text;
    return std::move(*client);
  }
  static v1::Item item(const std::string& header) {
    v1::Item item;
    item.set_header(header);
    return item;
  }
  template <typename Condition>
  static bool run_until(Client& client, Condition condition) {
    return test::eventually([&] {
      EXPECT_TRUE(client.run_once(10ms).ok());
      return condition();
    });
  }

  SocketHub hub_;
  TempDir dir_;
};

TEST_F(ClientTest, PublishesOverAnEncryptedConnectionAndIsAnswered) {
  auto client = open(options());
  const std::vector<v1::Item> items{item("a"), item("b")};
  const auto answers = client->publish(items, 10s);
  ASSERT_TRUE(answers.ok()) << answers.error().text;
  EXPECT_EQ(answers->size(), 2u);
  hub_.stop();
  EXPECT_EQ(hub_.fake.taken().size(), 2u);
}

TEST_F(ClientTest, AHubThatDiesInTheMiddleGetsEverythingOnceWhenItIsBack) {
  auto client = open(options());
  const v1::Item first = item("before");
  ASSERT_TRUE(client->publish(std::span(&first, 1), 10s).ok());
  hub_.stop();
  for (int i = 0; i < 50; ++i) {
    const v1::Item next = item("meanwhile " + std::to_string(i));
    ASSERT_TRUE(client->publisher().append(std::span(&next, 1), client->now()).ok());
  }
  ASSERT_TRUE(client->run_once(10ms).ok()) << "a hub that is away is not an error";
  hub_.start();
  EXPECT_TRUE(run_until(*client, [&] { return client->publisher().idle(); }));
  hub_.stop();
  ASSERT_EQ(hub_.fake.taken().size(), 51u);
  EXPECT_EQ(hub_.fake.taken().back().header, "meanwhile 49");
}

TEST_F(ClientTest, AClientThatDiesGoesOnFromItsFolder) {
  hub_.stop();
  {
    auto client = open(options());
    const v1::Item next = item("in custody");
    ASSERT_TRUE(client->publisher().append(std::span(&next, 1), client->now()).ok());
  }
  hub_.start();
  auto client = open(options());
  EXPECT_TRUE(run_until(*client, [&] { return client->publisher().idle(); }));
  hub_.stop();
  EXPECT_EQ(hub_.fake.taken().size(), 1u);
}

TEST_F(ClientTest, ReadsAnInboxAndBringsAnAct) {
  hub_.stop();
  for (int i = 1; i <= 5; ++i) hub_.fake.add_entry(kTeam, "entry " + std::to_string(i));
  hub_.start();
  auto client = open(options());
  EXPECT_TRUE(run_until(*client, [&] { return client->endpoint(0).store().through() == 5; }));
  v1::Act act;
  act.set_team(kTeam);
  act.set_number(5);
  act.set_kind(v1::ACT_KIND_ACKNOWLEDGE);
  act.mutable_actor()->set_person("p1");
  const auto outcome = client->act(act, 10s);
  ASSERT_TRUE(outcome.ok()) << outcome.error().text;
  EXPECT_EQ(outcome->code, v1::CODE_OK);
  client->request({}, 10s).value();  // the receipt went before it
  hub_.stop();
  EXPECT_EQ(hub_.fake.received(kTeam), 5u);
  EXPECT_EQ(hub_.fake.acts().size(), 1u);
}

TEST_F(ClientTest, AskingForAPageNeedsNoFolder) {
  auto client = open({.program = "test 1", .hub = hub_.dial()});
  v1::Read read;
  read.mutable_inbox()->set_team(kTeam);
  EXPECT_TRUE(client->request(read, 10s).ok());
}

TEST_F(ClientTest, AnUnknownKeyIsAnAlarmNotASilence) {
  auto client = open({.program = "test 1", .hub = hub_.dial(wire::make_key_pair())});
  const auto page = client->request({}, 10s);
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().code, v1::CODE_NOT_ALLOWED);
}

TEST_F(ClientTest, AHubThatIsAwayIsSaidInTime) {
  auto client = open({.program = "test 1", .hub = hub_.dial()});
  hub_.stop();
  const auto page = client->request({}, 100ms);
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().code, v1::CODE_BUSY);
}

TEST_F(ClientTest, OneFolderServesOneProcess) {
  auto client = open(options());
  const auto second = Client::open(hub_.context(), options());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, v1::CODE_CONFLICT);
}

TEST_F(ClientTest, AHubThatEndsTheSessionIsAskedAgainOnAnotherConnection) {
  hub_.stop();
  std::set<uint64_t> peers;
  test::FakeHub fake;
  hub_.answer = [&](uint64_t peer, std::string_view bytes) {
    peers.insert(peer);
    std::vector<std::string> frames;
    if (peers.size() < 3) {
      v1::HubFrame refused;
      refused.mutable_refused()->set_code(v1::CODE_RECOVERING);
      refused.mutable_refused()->set_session_ends(true);
      frames.push_back(refused.SerializeAsString());
    } else {
      for (auto& f : fake.hear(peer, bytes, {1})) frames.push_back(f.SerializeAsString());
    }
    return frames;
  };
  hub_.start();
  auto client = open(options());
  const v1::Item one = item("a");
  ASSERT_TRUE(client->publisher().append(std::span(&one, 1), client->now()).ok());
  EXPECT_TRUE(run_until(*client, [&] { return client->publisher().idle(); }));
  hub_.stop();
  EXPECT_EQ(peers.size(), 3u);
}

}  // namespace
}  // namespace switchboard::sdk
