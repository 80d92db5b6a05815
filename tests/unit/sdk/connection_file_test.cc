#include "adapters/sdk/connection_file.h"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace switchboard::sdk {
namespace {

constexpr char kFile[] = R"(
connect = "tcp://127.0.0.1:7700"
admin = "tcp://127.0.0.1:7701"
hub_public_key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
state_dir = "tools"

[[identity]]
principal = "midwifery-screen"
secret_key_file = "keys/midwifery.secret"
agency = "X26"
teams = ["X26-MIDWIFERY", "X26-ED"]
person = "p1"

[[identity]]
principal = "epr"
secret_key_file = "keys/epr.secret"
agency = "X26"
system = "PAS"

[[identity]]
principal = "operator"
secret_key_file = "keys/operator.secret"
admin = true
)";

class ConnectionFileTest : public ::testing::Test {
 protected:
  TempDir dir_;
};

TEST_F(ConnectionFileTest, TheIdentityIsChosenByWhatACommandIsAbout) {
  const auto loaded = load_connection_file(dir_.write("connect.toml", kFile));
  ASSERT_TRUE(loaded.ok()) << loaded.error().text;
  const auto& file = *loaded;
  EXPECT_EQ(identity_for_team(file, "X26-ED").value().principal(), "midwifery-screen");
  EXPECT_EQ(identity_for_source(file, "X26", "").value().principal(), "epr");
  EXPECT_EQ(identity_for_source(file, "X26", "PAS").value().principal(), "epr");
  EXPECT_EQ(identity_for_admin(file).value().principal(), "operator");
  EXPECT_EQ(identity_of(file, "epr").value().system(), "PAS");
}

TEST_F(ConnectionFileTest, PathsAreRelativeToTheFile) {
  const auto file = load_connection_file(dir_.write("connect.toml", kFile)).value();
  EXPECT_EQ(file.state_dir(), dir_.file("tools"));
  EXPECT_EQ(file.identity(0).secret_key_file(), dir_.file("keys/midwifery.secret"));
}

TEST_F(ConnectionFileTest, WhatIsNotThereIsSaidWithWhatIs) {
  const auto file = load_connection_file(dir_.write("connect.toml", kFile)).value();
  const auto missing = identity_for_team(file, "X99-MASH");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, v1::CODE_NOT_FOUND);
  EXPECT_NE(missing.error().text.find("midwifery-screen"), std::string::npos);
  EXPECT_FALSE(identity_for_source(file, "X26", "LAB").ok());
}

TEST_F(ConnectionFileTest, MistakesAreNamed) {
  const auto file = load_connection_file(dir_.write("connect.toml", "conect = \"x\"\n"));
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, v1::CODE_INVALID);
  EXPECT_NE(file.error().text.find("conect"), std::string::npos);
  EXPECT_NE(file.error().text.find("hub_public_key"), std::string::npos);
  EXPECT_EQ(load_connection_file(dir_.file("nowhere")).error().code, v1::CODE_NOT_FOUND);
}

TEST_F(ConnectionFileTest, DialingReadsTheSecretKeyAndNothingElse) {
  const auto keys = wire::make_key_pair();
  auto file = load_connection_file(dir_.write("connect.toml", kFile)).value();
  std::filesystem::create_directory(dir_.file("keys"));
  ASSERT_TRUE(wire::save_secret_key(dir_.file("keys/epr.secret"), keys.secret_key).ok());
  const auto hub = dial_hub(file, identity_of(file, "epr").value());
  ASSERT_TRUE(hub.ok()) << hub.error().text;
  EXPECT_EQ(hub->connect, "tcp://127.0.0.1:7700");
  EXPECT_EQ(hub->keys.public_key, keys.public_key);
  EXPECT_EQ(dial_admin(file, identity_of(file, "epr").value())->connect, "tcp://127.0.0.1:7701");
  file.set_hub_public_key("short");
  EXPECT_EQ(dial_hub(file, identity_of(file, "epr").value()).error().code, v1::CODE_INVALID);
}

}  // namespace
}  // namespace switchboard::sdk
