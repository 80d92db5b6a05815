#include "broker/runtime/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "switchboard/v1/config.pb.h"
#include "tests/support/temp_dir.h"

namespace switchboard {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kBroker = R"(data_dir = "store"
secret_key_file = "/etc/switchboard/hub.key"
master_key_file = "keys/../master.key"
[log]
level = "debug"
)";

constexpr std::string_view kMllp = R"([hub]
connect = "tcp://127.0.0.1:7700"
hub_public_key = "key"
secret_key_file = "k"
[outbox]
dir = "outbox"
[[listener]]
name = "pas"
bind = "127.0.0.1:0"
agency = "X26"
system = "PAS"
allow_peer = ["127.0.0.1", "::1"]
mapping_file = "pas.toml"
)";

class ConfigFile : public testing::Test {
 protected:
  std::string complaint(std::string_view text, const std::vector<std::string>& overrides = {}) {
    const auto config = load_config<v1::BrokerConfig>(dir.write("hub.toml", text), overrides);
    return config.ok() ? "" : config.error().text;
  }
  std::string path() const { return dir.file("hub.toml"); }
  TempDir dir;
};

TEST_F(ConfigFile, DefaultsComeFromTheSchema) {
  const auto config = load_config<v1::BrokerConfig>(dir.write("hub.toml", kBroker));
  ASSERT_TRUE(config.ok()) << config.error().text;
  EXPECT_EQ(config->settings.listen(), "tcp://127.0.0.1:7700");
  EXPECT_EQ(config->settings.free_mark_bytes(), 1073741824u);
  EXPECT_EQ(config->settings.store().memtable_mb(), 24u);
  EXPECT_TRUE(config->settings.curve());
  EXPECT_EQ(config->settings.log().level(), "debug");
  EXPECT_EQ(config->settings.log().format(), "text");
  EXPECT_EQ(config->origins.at("listen"), "default");
  EXPECT_EQ(config->origins.at("log.level"), path() + ":5");
}

TEST_F(ConfigFile, EveryDefaultOfEveryProgramFitsItsField) {
  EXPECT_EQ(complaint(kBroker), "");
  const auto mllp = load_config<v1::MllpConfig>(dir.write("mllp.toml", kMllp));
  ASSERT_TRUE(mllp.ok()) << mllp.error().text;
  EXPECT_EQ(mllp->settings.listener(0).environment(), "live");
  EXPECT_EQ(mllp->settings.outbox().resend_window_s(), 691200u);
}

TEST_F(ConfigFile, RelativePathsStandOnTheFilesFolder) {
  const auto config = load_config<v1::BrokerConfig>(dir.write("hub.toml", kBroker));
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->settings.data_dir(), dir.file("store"));
  EXPECT_EQ(config->settings.secret_key_file(), "/etc/switchboard/hub.key");
  EXPECT_EQ(config->settings.master_key_file(), dir.file("master.key"));
  EXPECT_EQ(config->settings.first_admin_key_file(), "");
}

TEST_F(ConfigFile, AnOverrideWinsAndItsPathStaysAsTyped) {
  const auto config = load_config<v1::BrokerConfig>(
      dir.write("hub.toml", kBroker),
      {"log.level=warn", "store.memtable_mb=8", "curve=false", "data_dir=elsewhere"});
  ASSERT_TRUE(config.ok()) << config.error().text;
  EXPECT_EQ(config->settings.log().level(), "warn");
  EXPECT_EQ(config->settings.store().memtable_mb(), 8u);
  EXPECT_FALSE(config->settings.curve());
  EXPECT_EQ(config->settings.data_dir(), "elsewhere");
  EXPECT_EQ(config->origins.at("store.memtable_mb"), "--set");
}

TEST_F(ConfigFile, AnOverrideReachesIntoARepeatedTableAndReplacesAList) {
  const auto config = load_config<v1::MllpConfig>(
      dir.write("mllp.toml", kMllp),
      {"listener[0].bind=127.0.0.1:7", "listener[0].allow_peer=[\"10.0.0.0/8\"]"});
  ASSERT_TRUE(config.ok()) << config.error().text;
  EXPECT_EQ(config->settings.listener(0).bind(), "127.0.0.1:7");
  EXPECT_THAT(config->settings.listener(0).allow_peer(), testing::ElementsAre("10.0.0.0/8"));
}

TEST_F(ConfigFile, AWrongOverrideSaysWhatIsWrong) {
  EXPECT_EQ(complaint(kBroker, {"log.levl=info"}),
            "--set: unknown key 'log.levl', did you mean 'level'?");
  EXPECT_EQ(complaint(kBroker, {"curve=perhaps"}), "--set: 'curve' must be true or false");
  EXPECT_EQ(complaint(kBroker, {"curve"}), "--set: write section.key=value");
  EXPECT_EQ(complaint(kBroker, {"log=info"}), "--set: 'log' must be a table");
  EXPECT_EQ(complaint(kBroker, {"name.first=a"}), "--set: 'name' is not a single table");
  EXPECT_EQ(complaint(kBroker, {"data_dir="}), "--set: 'data_dir' must not be empty");
}

TEST_F(ConfigFile, AllMissingAndWrongKeysAreReportedTogether) {
  const std::string text = complaint("lissten = \"x\"\nfree_mark_bytes = \"1\"\n");
  EXPECT_THAT(text, HasSubstr(path() + ":1:1: unknown key 'lissten', did you mean 'listen'?"));
  EXPECT_THAT(text, HasSubstr(path() + ":2:19: 'free_mark_bytes' must be a whole number"));
  EXPECT_THAT(text, HasSubstr("'data_dir' is required: folder of the store; one hub owns it"));
  EXPECT_THAT(text, HasSubstr("'master_key_file' is required"));
}

TEST_F(ConfigFile, AMissingKeyOfARepeatedTableNamesTheTablesLine) {
  const auto config =
      load_config<v1::MllpConfig>(dir.write("mllp.toml", "[[listener]]\nname = \"pas\"\n"));
  ASSERT_FALSE(config.ok());
  EXPECT_THAT(config.error().text,
              HasSubstr(dir.file("mllp.toml") + ":1: 'listener[0].bind' is required"));
  EXPECT_THAT(config.error().text, HasSubstr("'hub.connect' is required"));
}

TEST_F(ConfigFile, EachRepeatedTableNeedsItsOwnRequiredKeys) {
  const auto config = load_config<v1::MllpConfig>(
      dir.write("mllp.toml", std::string(kMllp) + "[[listener]]\nbind = \"127.0.0.1:0\"\n"));
  ASSERT_FALSE(config.ok());
  EXPECT_THAT(config.error().text, HasSubstr("'listener[1].name' is required"));
}

TEST_F(ConfigFile, ASyntaxErrorIsReportedAloneWithItsPlace) {
  const std::string text = complaint("name = \"hub\nlisten = 1\n");
  EXPECT_THAT(text, HasSubstr(path() + ":1:"));
  EXPECT_THAT(text, Not(HasSubstr("required")));
}

TEST_F(ConfigFile, AFileThatIsNotThereIsNotFound) {
  const auto config = load_config<v1::BrokerConfig>(dir.file("none.toml"));
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().code, v1::CODE_NOT_FOUND);
}

TEST_F(ConfigFile, AFolderCannotBeReadAndALargeFileIsNotSettings) {
  EXPECT_EQ(load_config<v1::BrokerConfig>(dir.path()).error().code, v1::CODE_NOT_FOUND);
  const auto large = load_config<v1::BrokerConfig>(dir.write("large", std::string(2 << 20, '#')));
  EXPECT_EQ(large.error().code, v1::CODE_OVERSIZE);
}

TEST_F(ConfigFile, AnEmptyFileMissesWhatIsRequired) {
  EXPECT_THAT(complaint(""), HasSubstr("'data_dir' is required"));
}

TEST_F(ConfigFile, ThePrintedSettingsShowMeaningAndOrigin) {
  const auto config =
      load_config<v1::BrokerConfig>(dir.write("hub.toml", kBroker), {"log.format=json"});
  ASSERT_TRUE(config.ok());
  const std::string text = print_config(config->settings, config->origins);
  EXPECT_THAT(text,
              HasSubstr("# ROUTER for clients\nlisten = \"tcp://127.0.0.1:7700\"  # default"));
  EXPECT_THAT(text, HasSubstr("level = \"debug\"  # " + path() + ":5\n"));
  EXPECT_THAT(text, HasSubstr("[log]\n"));
  EXPECT_THAT(text, HasSubstr("format = \"json\"  # --set\n"));
}

TEST_F(ConfigFile, ThePrintedSettingsLoadAgainAsTheSame) {
  const auto config = load_config<v1::MllpConfig>(dir.write("mllp.toml", kMllp));
  ASSERT_TRUE(config.ok());
  const auto again = load_config<v1::MllpConfig>(
      dir.write("again.toml", print_config(config->settings, config->origins)));
  ASSERT_TRUE(again.ok()) << again.error().text;
  EXPECT_EQ(again->settings.SerializeAsString(), config->settings.SerializeAsString());
}

}  // namespace
}  // namespace switchboard
