// A child's identity and the programs' keys are where they belong and nowhere else: not in a log,
// not in what operators print, not on a command line, not in a file of a store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/integration/mllp/adapter_process.h"
#include "tests/integration/mllp/command.h"
#include "tests/integration/mllp/messages.h"
#include "tests/support/raw_sender.h"

namespace switchboard::test {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kFamily[] = "QZMARKERFAMILY";
constexpr char kLocalId[] = "QZMARKERMRN";
constexpr char kNumber[] = "9876543210";
constexpr char kPassword[] = "QZMARKERPASSWORD";
const std::string kBin = std::string(SWITCHBOARD_BINARY_DIR) + "/bin/";

std::string marked(const std::string& control_id, const std::string& processing = "T") {
  return hl7({.control_id = control_id,
              .processing = processing,
              .identifiers = std::string(kLocalId) + "^^^MRENTR^MEDREC~" + kNumber + "^^^^NHS",
              .family = kFamily});
}

class Secrets : public testing::Test {
 protected:
  Secrets() : world_({"metrics_listen=127.0.0.1:0"}), adapter_(world_, {}) {
    secrets_ = {kPassword, world_.keys("x26-pas").secret_key, world_.keys("x99-screen").secret_key,
                world_.keys("admin").secret_key, world_.hub.first_admin().secret_key};
    for (const char* file : {"hub.key", "master.key"}) {
      std::string key = read_text(path(file));
      key.erase(key.find_last_not_of('\n') + 1);
      secrets_.push_back(key);
    }
  }
  std::string path(const std::string& name) const { return world_.hub.dir().file(name); }

  // What of the child and of the keys stands in the text.
  std::vector<std::string> found_in(const std::string& text) const {
    std::vector<std::string> found = keys_found_in(text);
    for (const char* marker : {kFamily, kLocalId, kNumber}) {
      if (text.find(marker) != std::string::npos) found.emplace_back(marker);
    }
    return found;
  }
  std::vector<std::string> keys_found_in(const std::string& text) const {
    std::vector<std::string> found;
    for (size_t i = 0; i < secrets_.size(); ++i) {
      if (text.find(secrets_[i]) != std::string::npos) found.push_back("key " + std::to_string(i));
    }
    return found;
  }
  // Messages of every outcome, each about the marked child, and an endpoint that stores them.
  void feed() {
    ASSERT_TRUE(adapter_.start()) << adapter_.log();
    RawSender sender(adapter_.port());
    for (const std::string& message :
         {marked("1"), marked("2", "P"), std::string("PID|cut short ") + kFamily + kNumber,
          marked("3").replace(0, 4, "MSX|"), marked("4") + "ZZZ|" + kFamily + "\r"}) {
      sender.send_message(message);
      EXPECT_NE(sender.code(), "none");
    }
    auto screen = world_.endpoint();
    EXPECT_TRUE(
        run_until({screen.get()}, [&] { return screen->endpoint(0).store().through() >= 2; }));
    const auto entry = screen->endpoint(0).store().find(1).value()->entry;
    EXPECT_NE(entry.DebugString().find(kFamily), std::string::npos) << "the marker marks nothing";
  }
  void write_connection() {
    CHECK(wire::save_secret_key(path("admin.key"), world_.keys("admin").secret_key).ok());
    std::ofstream(path("connect.toml"))
        << "connect = \"" << world_.hub.client_endpoint() << "\"\nadmin = \""
        << world_.hub.admin_endpoint() << "\"\nhub_public_key = '" << world_.hub.public_key()
        << "'\n[[identity]]\nprincipal = \"admin\"\nsecret_key_file = \"admin.key\"\nadmin = "
           "true\n";
  }

  HubWorld world_;
  AdapterProcess adapter_;
  std::vector<std::string> secrets_;
};

TEST_F(Secrets, AreFoundWhereTheyStand) {
  EXPECT_THAT(found_in(marked("1")), SizeIs(3));
  for (const auto& file : {"hub.key", "master.key"}) {
    EXPECT_THAT(keys_found_in(read_text(path(file))), SizeIs(1)) << file;
  }
}

TEST_F(Secrets, AreInNoFileOfAStoreAndInNoLog) {
  feed();
  size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path(""))) {
    const std::string name = entry.path().string();
    if (!entry.is_regular_file() || name.ends_with(".key")) continue;
    ++files;
    EXPECT_THAT(found_in(read_text(name)), IsEmpty()) << name;
  }
  EXPECT_GT(files, 10u);
  EXPECT_EQ(world_.hub.stop(), 0);
  EXPECT_THAT(found_in(read_text(path("hub.log"))), IsEmpty()) << "hub.log";
}

TEST_F(Secrets, AreInNothingThatOperatorsAskFor) {
  feed();
  write_connection();
  for (const char* command : {"status", "status --json", "event ls", "quarantine ls", "unrouted ls",
                              "audit tail", "watch", "directory ls", "shadow report"}) {
    const auto said =
        run_command(kBin + "switchboard --connect " + path("connect.toml") + " " + command);
    EXPECT_THAT(found_in(said.output), IsEmpty()) << command;
    EXPECT_EQ(said.exit, 0) << said.output;
  }
  EXPECT_THAT(found_in(adapter_.metrics()), IsEmpty()) << "the adapter's metrics";
  EXPECT_THAT(found_in(adapter_.readiness()), IsEmpty()) << "the adapter's readiness";
}

TEST_F(Secrets, AreOnNoCommandLineNorInTheEnvironmentOfAProgram) {
  feed();
  const std::string process = "/proc/" + std::to_string(world_.hub.pid());
  EXPECT_THAT(found_in(read_text(process + "/cmdline")), IsEmpty()) << "the hub's command line";
  EXPECT_THAT(found_in(read_text(process + "/environ")), IsEmpty()) << "the hub's environment";
}

TEST_F(Secrets, AreNotPrintedWithAConfiguration) {
  ASSERT_TRUE(adapter_.start()) << adapter_.log();
  std::ofstream(path("password")) << kPassword;
  fs::permissions(path("password"), fs::perms(0600));
  std::ofstream(path("nudge.toml"))
      << "smtp_url = \"smtps://localhost:465\"\nsmtp_user = \"x\"\nsmtp_password_file = "
         "\"password\"\n"
      << "mail_from = \"a@b.example\"\n[hub]\nconnect = \"tcp://127.0.0.1:1\"\nhub_public_key = '"
      << world_.hub.public_key() << "'\nsecret_key_file = \"hub.key\"\n";
  for (const auto& [program, config] :
       std::vector<std::pair<std::string, std::string>>{{"broker", path("broker.toml")},
                                                        {"mllp", adapter_.file("mllp.toml")},
                                                        {"nudge", path("nudge.toml")}}) {
    const auto said =
        run_command(kBin + "switchboard-" + program + " --config " + config + " --print-config");
    EXPECT_EQ(said.exit, 0) << said.output;
    EXPECT_NE(said.output.find("secret_key_file"), std::string::npos);
    EXPECT_THAT(keys_found_in(said.output), IsEmpty()) << program;
  }
}

}  // namespace
}  // namespace switchboard::test
