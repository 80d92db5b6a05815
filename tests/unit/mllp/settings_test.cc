#include "adapters/mllp/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/runtime/config.h"

namespace switchboard::mllp {
namespace {

using testing::HasSubstr;

v1::MllpConfig example() {
  auto config = load_config<v1::MllpConfig>(std::string(SWITCHBOARD_SOURCE_DIR) +
                                            "/deploy/config/mllp-example.toml");
  EXPECT_TRUE(config.ok()) << config.error().text;
  return std::move(config).value().settings;
}
std::string problems(const v1::MllpConfig& config) {
  const auto read = read_listeners(config);
  return read.ok() ? "" : read.error().text;
}

TEST(MllpSettings, TheExampleIsRead) {
  const auto listeners = read_listeners(example());
  ASSERT_TRUE(listeners.ok()) << listeners.error().text;
  ASSERT_EQ(listeners->size(), 1u);
  const auto& one = listeners->front();
  EXPECT_EQ(one.identity.agency, "XA1");
  EXPECT_EQ(one.identity.environment, v1::ENVIRONMENT_LIVE);
  EXPECT_EQ(one.bind.port, 2575);
  EXPECT_EQ(one.ack_after, AckAfter::kAccepted);
  EXPECT_EQ(one.ack_wait.us, 2'000'000);
  EXPECT_EQ(one.limits.frame_within.us, 30'000'000);
  EXPECT_FALSE(one.tls.has_value());
}

TEST(MllpSettings, EveryProblemIsSaidAtOnceWithItsListener) {
  auto config = example();
  auto& one = *config.mutable_listener(0);
  one.set_bind("here");
  one.set_environment("production");
  one.set_ack_after("never");
  one.set_other_triggers("drop");
  one.add_allow_peer("everybody");
  one.set_mapping_file("missing.toml");
  one.set_frame_timeout_s(0);
  one.set_connections_max(0);
  one.set_connections_per_peer_max(0);
  one.set_batch_reply("never");
  one.set_tls_certificate_file("a.pem");
  const std::string said = problems(config);
  for (const char* part :
       {"listener \"epr\": ", "here", "live or test", "accepted or stored", "ignore or quarantine",
        "everybody", "missing.toml", "frame_timeout_s", "connections_max",
        "connections_per_peer_max", "batch or messages", "tls_key_file"}) {
    EXPECT_THAT(said, HasSubstr(part));
  }
}

TEST(MllpSettings, ASourceOnTrialIsOnTrialAlsoWhereItSendsTestMessages) {
  const auto bucket = [](const std::string& environment, bool shadow) {
    auto config = example();
    config.mutable_listener(0)->set_environment(environment);
    config.mutable_listener(0)->set_shadow(shadow);
    return read_listeners(config)->front().bucket;
  };
  EXPECT_EQ(bucket("live", false), v1::LEDGER_BUCKET_LIVE);
  EXPECT_EQ(bucket("test", false), v1::LEDGER_BUCKET_TEST);
  EXPECT_EQ(bucket("live", true), v1::LEDGER_BUCKET_SHADOW);
  EXPECT_EQ(bucket("test", true), v1::LEDGER_BUCKET_SHADOW);
}

TEST(MllpSettings, AClientCaWithoutACertificateWouldCheckNobody) {
  auto config = example();
  config.mutable_listener(0)->set_tls_client_ca_file("ca.pem");
  EXPECT_THAT(problems(config), HasSubstr("unchecked"));
}

TEST(MllpSettings, NamesOfListenersAreTheirsAlone) {
  auto config = example();
  *config.add_listener() = config.listener(0);
  EXPECT_THAT(problems(config), HasSubstr("two listeners of this name"));
}

TEST(MllpSettings, NoListenerIsNothingToDo) {
  auto config = example();
  config.clear_listener();
  EXPECT_THAT(problems(config), HasSubstr("[[listener]]"));
}

TEST(MllpSettings, TheListenerOfAMappingFileSpeaksForItsSamples) {
  const auto config = example();
  const auto who =
      identity_for_mapping(config, std::string(SWITCHBOARD_SOURCE_DIR) +
                                       "/deploy/../deploy/config/mapping-example.toml");
  ASSERT_TRUE(who.has_value());
  EXPECT_EQ(who->system, "EPR");
  EXPECT_FALSE(identity_for_mapping(config, "other.toml").has_value());
}

}  // namespace
}  // namespace switchboard::mllp
