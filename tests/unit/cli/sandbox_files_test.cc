#include "services/cli/sandbox_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "adapters/sdk/connection_file.h"
#include "broker/base/nhs_number.h"
#include "broker/runtime/config.h"
#include "broker/wire/keys.h"
#include "services/cli/sandbox_addresses.h"
#include "services/cli/sandbox_directory.h"
#include "services/cli/sandbox_hl7.h"
#include "services/cli/sandbox_mapping.h"
#include "services/cli/sandbox_screens.h"
#include "switchboard/v1/config.pb.h"
#include "tests/support/temp_dir.h"

namespace switchboard::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr Time kNow{1'795'330'324'000'000};  // 2026-11-22T06:52:04Z

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

class Sandbox : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto made = init_sandbox(folder_, kNow);
    ASSERT_TRUE(made.ok()) << made.error().text;
  }
  TempDir dir_;
  fs::path folder_ = fs::path(dir_.path()) / "demo";
};

TEST_F(Sandbox, TheDirectoryIsOneTheHubCanRead) {
  v1::Directory directory;
  const auto read =
      toml_to_message(text_of(folder_ / "directory.toml"), "directory.toml", directory);
  ASSERT_TRUE(read.ok()) << read.error().text;
  std::set<std::string> teams, agencies;
  for (const auto& team : directory.teams()) teams.insert(team.id());
  for (const auto& agency : directory.agencies()) {
    agencies.insert(agency.id());
    EXPECT_TRUE(teams.contains(agency.safety_net_team())) << agency.id();
  }
  for (const auto& team : directory.teams()) {
    EXPECT_TRUE(agencies.contains(team.agency()));
    EXPECT_FALSE(team.office().phone().empty());
    EXPECT_TRUE(team.deputy_team().empty() || teams.contains(team.deputy_team()));
  }
  for (const auto& route : directory.routes()) EXPECT_TRUE(teams.contains(route.team()));
  for (const auto& person : directory.people()) {
    for (const auto& team : person.teams()) EXPECT_TRUE(teams.contains(team)) << person.id();
  }
  EXPECT_EQ(directory.policy().signed_off_by(), "");
}

TEST_F(Sandbox, ItsBankHolidaysAreThoseThatAreShipped) {
  v1::Directory directory, shipped;
  ASSERT_TRUE(
      toml_to_message(text_of(folder_ / "directory.toml"), "directory.toml", directory).ok());
  const fs::path source(SWITCHBOARD_SOURCE_DIR);
  ASSERT_TRUE(toml_to_message(text_of(source / "deploy/config/bank-holidays-england.toml"),
                              "bank-holidays", shipped)
                  .ok());
  ASSERT_EQ(directory.calendars_size(), 1);
  EXPECT_EQ(directory.calendars(0).SerializeAsString(), shipped.calendars(0).SerializeAsString());
}

TEST_F(Sandbox, EveryPrincipalHasTheKeyItIsEnrolledWith) {
  v1::Directory directory;
  ASSERT_TRUE(
      toml_to_message(text_of(folder_ / "directory.toml"), "directory.toml", directory).ok());
  for (const auto& principal : directory.principals()) {
    const auto pair = wire::load_key_pair(folder_ / "keys" / (principal.id() + ".key"));
    ASSERT_TRUE(pair.ok()) << principal.id();
    EXPECT_EQ(pair->public_key, principal.public_key());
  }
  EXPECT_EQ(directory.principals_size(), static_cast<int>(sandbox_principals().size()));
}

TEST_F(Sandbox, EveryPersonOfTheDirectorySignsInAtOneGatewayWhichHasTheirTeams) {
  v1::Directory directory;
  ASSERT_TRUE(
      toml_to_message(text_of(folder_ / "directory.toml"), "directory.toml", directory).ok());
  std::map<std::string, std::string> gateway_of;
  for (const SandboxGateway& gateway : sandbox_gateways()) {
    const auto config = load_config<v1::GatewayConfig>(folder_ / std::string(gateway.config_file));
    ASSERT_TRUE(config.ok()) << config.error().text;
    EXPECT_TRUE(fs::exists(config->settings.hub().secret_key_file()));
    const auto& served = config->settings.team();
    for (const auto& principal : directory.principals()) {
      if (principal.id() != gateway.principal) continue;
      EXPECT_TRUE(std::equal(served.begin(), served.end(), principal.teams().begin(),
                             principal.teams().end()));
      EXPECT_EQ(principal.assurance(), v1::ASSURANCE_LOCAL_SIGN_IN);
      EXPECT_EQ(principal.system(), config->settings.publish_system());
    }
    for (const SandboxPerson& person : sandbox_people_of(gateway.agency)) {
      EXPECT_TRUE(gateway_of.emplace(person.id, gateway.agency).second) << person.id;
    }
  }
  for (const auto& person : directory.people()) {
    ASSERT_TRUE(gateway_of.contains(person.id())) << person.id();
    for (const auto& team : person.teams()) {
      const auto teams = sandbox_teams_of(gateway_of[person.id()]);
      EXPECT_NE(std::find(teams.begin(), teams.end(), team), teams.end()) << person.id();
    }
  }
  EXPECT_EQ(gateway_of.size(), static_cast<size_t>(directory.people_size()));
}

// P9: by a key of its own, which is an operator's and nothing else; the screens' key is none.
TEST_F(Sandbox, WhoSeesHowTheHubIsSignsInThereAndTheGatewayHasAKeyForIt) {
  v1::Directory directory;
  ASSERT_TRUE(
      toml_to_message(text_of(folder_ / "directory.toml"), "directory.toml", directory).ok());
  std::vector<std::string> there;
  for (const SandboxGateway& gateway : sandbox_gateways()) {
    const auto config = load_config<v1::GatewayConfig>(folder_ / std::string(gateway.config_file));
    ASSERT_TRUE(config.ok()) << config.error().text;
    const auto& c = config->settings;
    EXPECT_EQ(c.operator_().empty(), gateway.operator_person.empty());
    if (c.operator_().empty()) continue;
    const auto people = sandbox_people_of(gateway.agency);
    EXPECT_TRUE(std::any_of(people.begin(), people.end(),
                            [&](const auto& person) { return person.id == c.operator_(0); }));
    const auto key = wire::load_key_pair(c.operator_key_file());
    ASSERT_TRUE(key.ok()) << key.error().text;
    for (const auto& principal : directory.principals()) {
      if (principal.public_key() != key->public_key) continue;
      there.push_back(principal.id());
      ASSERT_EQ(principal.roles_size(), 1);
      EXPECT_EQ(principal.roles(0), v1::ROLE_OPERATOR);
    }
  }
  EXPECT_EQ(there, std::vector<std::string>{"x26-screen-operator"});
}

TEST_F(Sandbox, ItsPassPhraseIsItsOwnAndForItsOwnerOnly) {
  const std::string phrase = text_of(folder_ / kPassPhraseFile);
  EXPECT_THAT(text_of(folder_ / kSignInsFile), HasSubstr(phrase.substr(0, phrase.size() - 1)));
  for (const char* name : {kPassPhraseFile, kSignInsFile}) {
    struct stat found {};
    ASSERT_EQ(stat((folder_ / name).c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600u) << name;
  }
  EXPECT_NE(make_pass_phrase(), make_pass_phrase());
}

TEST_F(Sandbox, SecretsAreForTheirOwnerOnly) {
  for (const auto& entry : fs::directory_iterator(folder_ / "keys")) {
    struct stat found {};
    ASSERT_EQ(stat(entry.path().c_str(), &found), 0);
    if (entry.path().extension() == ".key") {
      EXPECT_EQ(found.st_mode & 0777, 0600u) << entry.path();
    }
  }
}

TEST_F(Sandbox, TheProgramsCanLoadTheirConfigs) {
  const auto broker = load_config<v1::BrokerConfig>(folder_ / "broker.toml");
  ASSERT_TRUE(broker.ok()) << broker.error().text;
  EXPECT_EQ(broker->settings.data_dir(), (folder_ / "hub").string());
  for (const SandboxSource& source : sandbox_sources()) {
    const auto mllp = load_config<v1::MllpConfig>(folder_ / std::string(source.config_file),
                                                  {"hub.connect=tcp://127.0.0.1:7700"});
    ASSERT_TRUE(mllp.ok()) << mllp.error().text;
    ASSERT_EQ(mllp->settings.listener_size(), 1);
    EXPECT_EQ(mllp->settings.listener(0).agency(), source.agency);
    EXPECT_TRUE(fs::exists(mllp->settings.listener(0).mapping_file()));
    EXPECT_TRUE(fs::exists(mllp->settings.hub().secret_key_file()));
  }
}

TEST_F(Sandbox, TheConnectionFileSpeaksForEveryTeam) {
  const auto file = sdk::load_connection_file(folder_ / "connect.toml");
  ASSERT_TRUE(file.ok()) << file.error().text;
  for (const SandboxTeam& team : sandbox_teams()) {
    const auto as = sdk::identity_for_team(*file, team.id);
    ASSERT_TRUE(as.ok()) << team.id;
    // People's acts come with the desk's key; the system's is the always-on endpoint's.
    EXPECT_NE(as->principal(), team.endpoint);
    EXPECT_TRUE(fs::exists(as->secret_key_file()));
  }
  EXPECT_TRUE(sdk::identity_for_admin(*file).ok());
  EXPECT_TRUE(sdk::identity_for_source(*file, "X26", "FORMS").ok());
}

TEST_F(Sandbox, NothingIsOverwritten) {
  const auto again = init_sandbox(folder_, kNow);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, v1::CODE_CONFLICT);
}

TEST(SandboxMessages, AreSyntheticAndDatedAroundNow) {
  std::set<std::string> ids;
  for (const SampleMessage& message : sandbox_messages(kNow)) {
    EXPECT_TRUE(message.text.starts_with("MSH|^~\\&|PAS|X")) << message.file;
    EXPECT_THAT(message.text, HasSubstr("|P|2.4|"));
    EXPECT_THAT(message.text, HasSubstr("|20261122"));
    EXPECT_EQ(message.text.find_first_of("{}\n\\", 10), std::string::npos) << message.file;
    const size_t pid = message.text.find("PID|1||") + 7;
    EXPECT_EQ(check_nhs_number(message.text.substr(pid, 10)), NhsNumberCheck::kValid);
    EXPECT_EQ(message.text[pid], '9');
    ids.insert(message.file);
  }
  EXPECT_EQ(ids.size(), 10u);
}

TEST(SandboxAddresses, OnlyTheRunningHubsFileCounts) {
  const TempDir dir;
  const auto file = dir.write(
      "endpoints.json", R"({"client":"tcp://127.0.0.1:7","admin":"tcp://127.0.0.1:8","pid":5})");
  ASSERT_TRUE(read_hub_addresses(file, 5));
  EXPECT_EQ(read_hub_addresses(file, 5)->client, "tcp://127.0.0.1:7");
  EXPECT_FALSE(read_hub_addresses(file, 6));
  EXPECT_FALSE(read_hub_addresses(dir.write("cut.json", R"({"client":"tcp)"), 5));
  EXPECT_FALSE(read_hub_addresses(dir.file("absent.json"), 5));
}

TEST(SandboxAddresses, ListenersAreFoundByName) {
  const TempDir dir;
  const auto file =
      dir.write("l.json", R"({"listeners":[{"name":"x26-pas","address":"127.0.0.1:2575"}]})");
  const auto found = read_listeners(file);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at("x26-pas"), "127.0.0.1:2575");
}

}  // namespace
}  // namespace switchboard::cli
