#include "broker/runtime/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const program::About kAbout{
    .name = "switchboard-broker",
    .version = "0.1.0",
    .summary = "The hub.",
    .examples = "  switchboard-broker --config hub.toml\n",
    .commands = {{"verify", "check a store"}, {"--check", "check two files", {"A", "B"}}},
    .switches = {{"--loud", "say more"}},
    .values = {{"--events", "write events", "FILE"}}};

struct Said {
  std::variant<program::Call, Exit> result;
  std::string out;
  std::string err;
};

Said parse(std::vector<const char*> args) {
  args.insert(args.begin(), "switchboard-broker");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  auto result = program::parse(static_cast<int>(args.size()), args.data(), kAbout);
  return {std::move(result), testing::internal::GetCapturedStdout(),
          testing::internal::GetCapturedStderr()};
}

TEST(Program, TakesConfigOverridesAndPrintConfig) {
  const Said said =
      parse({"--config", "hub.toml", "--set", "a.b=1", "--set", "c=2=3", "--print-config"});
  const auto& call = std::get<program::Call>(said.result);
  EXPECT_EQ(call.config_file, "hub.toml");
  EXPECT_THAT(call.overrides, ElementsAre("a.b=1", "c=2=3"));
  EXPECT_TRUE(call.print_config);
}

TEST(Program, AValueIsTakenByItsName) {
  const Said said = parse({"--check", "a", "b", "--events", "e.json"});
  const auto& call = std::get<program::Call>(said.result);
  EXPECT_EQ(call.command, "--check");
  EXPECT_THAT(call.arguments, ElementsAre("a", "b"));
  EXPECT_EQ(call.values.at("--events"), "e.json");
  EXPECT_EQ(std::get<Exit>(parse({"--check", "a", "b", "--events"}).result), Exit::kUsage);
}

TEST(Program, HelpShowsExamplesOnStdoutAndSucceeds) {
  const Said said = parse({"--help"});
  EXPECT_EQ(std::get<Exit>(said.result), Exit::kOk);
  EXPECT_THAT(said.out, HasSubstr("Examples:\n  switchboard-broker --config hub.toml"));
  EXPECT_EQ(said.err, "");
}

TEST(Program, VersionIsOneLine) {
  const Said said = parse({"--version"});
  EXPECT_EQ(std::get<Exit>(said.result), Exit::kOk);
  EXPECT_EQ(said.out, "switchboard-broker 0.1.0\n");
}

TEST(Program, AWrongCallIsUsageAndPointsToHelp) {
  const Said said = parse({"--confg", "hub.toml"});
  EXPECT_EQ(std::get<Exit>(said.result), Exit::kUsage);
  EXPECT_THAT(said.err, HasSubstr("Try 'switchboard-broker --help'."));
  EXPECT_EQ(said.out, "");
  EXPECT_EQ(std::get<Exit>(parse({}).result), Exit::kUsage);
}

TEST(Program, ACommandTakesAFolderAndNoConfig) {
  const Said said = parse({"verify", "/srv/store"});
  const auto& call = std::get<program::Call>(said.result);
  EXPECT_EQ(call.command, "verify");
  EXPECT_EQ(call.folder, "/srv/store");
  EXPECT_EQ(std::get<Exit>(parse({"verify"}).result), Exit::kUsage);
}

TEST(Program, AFailureIsSaidOnStderrWithItsExit) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(program::fail(Exit::kConfig, error(v1::CODE_INVALID, "hub.toml:1:1: wrong")), 78);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "hub.toml:1:1: wrong\n");
}

TEST(Program, RetryableCodesExitAsRetryLater) {
  EXPECT_EQ(exit_for(v1::CODE_BUSY), Exit::kRetryLater);
  EXPECT_EQ(exit_for(v1::CODE_NOT_ALLOWED), Exit::kNotAllowed);
  EXPECT_EQ(exit_for(v1::CODE_INVALID), Exit::kBadInput);
  EXPECT_EQ(exit_for(v1::CODE_INTERNAL), Exit::kInternal);
}

TEST(Program, AnOptionCanBeACommandWithItsOwnArguments) {
  const Said said = parse({"--check", "a.toml", "b.hl7", "--loud"});
  const auto& call = std::get<program::Call>(said.result);
  EXPECT_EQ(call.command, "--check");
  EXPECT_THAT(call.arguments, ElementsAre("a.toml", "b.hl7"));
  EXPECT_TRUE(call.switches.contains("--loud"));
  EXPECT_EQ(call.config_file, "");
  EXPECT_EQ(std::get<Exit>(parse({"--check", "a.toml"}).result), Exit::kUsage);
}

}  // namespace
}  // namespace switchboard
