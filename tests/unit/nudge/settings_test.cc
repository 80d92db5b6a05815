#include "services/nudge/settings.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "broker/runtime/config.h"
#include "tests/support/temp_dir.h"

namespace switchboard::nudge {
namespace {

using testing::HasSubstr;
using testing::Not;

v1::NudgeConfig example() {
  auto loaded = load_config<v1::NudgeConfig>(
      std::string(SWITCHBOARD_SOURCE_DIR "/deploy/config/nudge-example.toml"), {});
  EXPECT_TRUE(loaded.ok()) << loaded.error().text;
  return loaded->settings;
}

class NudgeSettings : public testing::Test {
 protected:
  std::string secret(const std::string& text, std::filesystem::perms mode) {
    std::ofstream(dir_.file("secret")) << text;
    std::filesystem::permissions(dir_.file("secret"), mode);
    return dir_.file("secret");
  }
  // The example with secrets that are there.
  v1::NudgeConfig config() {
    v1::NudgeConfig config = example();
    config.clear_webhook_secret_file();
    config.set_smtp_password_file(secret("hidden-word\n", std::filesystem::perms(0600)));
    return config;
  }
  std::string problem(const v1::NudgeConfig& config) {
    const auto read = read_settings(config);
    return read.ok() ? std::string() : read.error().text;
  }
  TempDir dir_;
};

TEST_F(NudgeSettings, TheExampleIsGood) {
  const auto read = read_settings(config());
  ASSERT_TRUE(read.ok()) << read.error().text;
  EXPECT_TRUE(read->relay->tls);
  EXPECT_EQ(read->relay->password, "hidden-word");
  EXPECT_FALSE(read->webhook_key);
}
TEST_F(NudgeSettings, WithoutTlsOnlyARelayOnLoopbackIsUsed) {
  auto config = this->config();
  config.set_smtp_tls("off");
  EXPECT_THAT(problem(config), HasSubstr("loopback"));
  config.set_smtp_url("smtp://127.0.0.1.example.org:25");
  EXPECT_THAT(problem(config), HasSubstr("loopback"));
  config.set_smtp_url("smtp://127.0.0.1:25");
  EXPECT_EQ(problem(config), "");
  config.set_smtp_tls("sometimes");
  EXPECT_THAT(problem(config), HasSubstr("smtp_tls"));
}
TEST_F(NudgeSettings, ASecretThatOthersCanReadIsRefusedAndNeverShown) {
  auto config = this->config();
  secret("hidden-word\n", std::filesystem::perms(0644));
  EXPECT_THAT(problem(config), HasSubstr("others can read"));
  EXPECT_THAT(problem(config), Not(HasSubstr("hidden-word")));
}
TEST_F(NudgeSettings, AShortWebhookKeyIsRefused) {
  auto config = this->config();
  config.clear_smtp_url();
  config.set_webhook_secret_file(secret("0011", std::filesystem::perms(0600)));
  EXPECT_THAT(problem(config), HasSubstr("32 hex digits"));
}
TEST_F(NudgeSettings, OneThatCanSendNothingIsRefused) {
  auto config = this->config();
  config.clear_smtp_url();
  EXPECT_THAT(problem(config), HasSubstr("nothing can be sent"));
}

}  // namespace
}  // namespace switchboard::nudge
