// P11: one key with all its connections, against everybody else; and doors that are shut.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "broker/base/limits.h"
#include "tests/support/hub_world.h"
#include "tests/support/raw_client.h"
#include "tests/support/raw_sender.h"

namespace switchboard::test {
namespace {

const std::vector<std::string> kWithMetrics = {"metrics_listen=127.0.0.1:0"};

// The hub's figures as monitoring reads them.
double metric(const HubWorld& world, const std::string& series) {
  const auto note =
      nlohmann::json::parse(read_file(world.hub.store_dir() + "/endpoints.json"), nullptr, false);
  RawSender http(note.value("health_port", uint16_t{0}));
  http.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const std::string text = http.read_to_end();
  const size_t at = text.find("\n" + series + " ");
  return at == std::string::npos ? 0 : std::stod(text.substr(at + series.size() + 2));
}

// Let in and welcomed soon.
bool says_hello(RawClient& client) {
  v1::ClientFrame hello;
  hello.mutable_hello()->set_protocol_min(1);
  hello.mutable_hello()->set_protocol_max(1);
  return client.send(hello) && client.next(std::chrono::milliseconds(200)).has_value();
}

TEST(HubCrowding, AKeyHasABoundedNumberOfConnectionsAndHurtsNobodyElse) {
  HubWorld world(kWithMetrics);
  RawClient honest(world.context, world.dial("x26-pas"));
  ASSERT_TRUE(honest.hello().has_welcome());
  constexpr size_t kTooMany = 8;
  std::vector<std::unique_ptr<RawClient>> crowd;
  for (size_t i = 0; i < limits::kConnectionsPerKeyMax; ++i) {
    crowd.push_back(std::make_unique<RawClient>(world.context, world.dial("x99-pas")));
    ASSERT_TRUE(crowd.back()->hello().has_welcome()) << i;
  }
  for (size_t i = 0; i < kTooMany; ++i) {
    crowd.push_back(std::make_unique<RawClient>(world.context, world.dial("x99-pas")));
    EXPECT_FALSE(says_hello(*crowd.back())) << i;
  }
  EXPECT_EQ(honest.publish(1, {admission("1")}).accepted().through(), 1u);
  EXPECT_TRUE(honest.ping().has_pong());
  EXPECT_TRUE(crowd.front()->ping().has_pong()) << "those within the bound stay";
  EXPECT_TRUE(eventually([&] { return metric(world, "switchboard_connections_cut") >= kTooMany; }));
  EXPECT_LE(metric(world, "switchboard_sessions"), limits::kConnectionsPerKeyMax + 1);
  crowd.erase(crowd.begin());  // one goes …
  EXPECT_TRUE(eventually([&] { return says_hello(*crowd.back()); })) << "… and one may come";
}

TEST(HubCrowding, WhatIsRefusedIsCountedByWhoAndWhyAndSaidOnce) {
  HubWorld world(kWithMetrics);
  RawClient client(world.context, world.dial("x26-screen"));
  ASSERT_TRUE(client.hello().has_welcome());
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(client.ask(RawClient::attach_frame("X99-HV", 0, 1, 1)).refused().code(),
              v1::CODE_NOT_ALLOWED);
  }
  EXPECT_EQ(client.publish(1, {admission("1")}).accepted().exceptions(0).code(),
            v1::CODE_NOT_ALLOWED);
  const std::string series =
      "switchboard_requests_refused_total{code=\"CODE_NOT_ALLOWED\",principal=\"x26-screen\"}";
  EXPECT_EQ(metric(world, series), 6);
  const std::string log = world.hub.log();
  const size_t first = log.find("counted only");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(log.find("counted only", first + 1), std::string::npos) << log;
  RawClient stranger(world.context, world.dial("nobody"));
  EXPECT_TRUE(eventually([&] {
    stranger.dealer().wait(std::chrono::milliseconds(10));
    return metric(world, "switchboard_keys_refused") >= 3;  // its own two self-tests were refused
  }));
}

TEST(HubCrowding, AnAddressThatAClientChoseIsNobodys) {
  HubWorld world(kWithMetrics);
  auto options = world.dial("x99-screen");
  options.routing_id = "desk 1";
  RawClient thief(world.context, options);
  EXPECT_FALSE(says_hello(thief));
  EXPECT_TRUE(eventually([&] { return metric(world, "switchboard_connections_cut") >= 1; }));
  RawClient honest(world.context, world.dial("x99-screen"));
  EXPECT_TRUE(honest.hello().has_welcome());
}

TEST(HubCrowding, AnAdminSocketBeyondThisMachineIsNoSetting) {
  HubWorld world;
  for (const char* bind : {"tcp://0.0.0.0:0", "tcp://*:0", "tcp://[::]:0", "tcp://10.0.0.1:0",
                           "tcp://eth0:0", "tcp://example.org:0"}) {
    const std::string said = world.hub.dir().file("refused.log");
    const int exit = Child::run(
        {.arguments = {std::string(SWITCHBOARD_BINARY_DIR) + "/bin/switchboard-broker", "--config",
                       world.hub.dir().file("broker.toml"), "--set",
                       "data_dir=" + world.hub.dir().file("other"), "--set",
                       "listen=tcp://127.0.0.1:0", "--set", std::string("admin_listen=") + bind},
         .environment = {},
         .output = said});
    EXPECT_NE(exit, 0) << bind;
    EXPECT_NE(read_file(said).find("admin_listen must be loopback or ipc"), std::string::npos);
  }
}

TEST(HubCrowding, NoCoreFileIsLeftOfAProcessThatHoldsKeys) {
  HubWorld world;
  std::ifstream limits("/proc/" + std::to_string(world.hub.pid()) + "/limits");
  bool found = false;
  for (std::string line; std::getline(limits, line);) {
    if (!line.starts_with("Max core file size")) continue;
    std::istringstream words(line.substr(std::string("Max core file size").size()));
    std::string soft, hard;
    words >> soft >> hard;
    EXPECT_EQ(soft, "0");
    EXPECT_EQ(hard, "0");
    found = true;
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace switchboard::test
