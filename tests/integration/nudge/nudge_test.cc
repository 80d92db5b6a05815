// The real hub and the real switchboard-nudge against a mail relay that nobody here wrote (Debian's
// python3-aiosmtpd) and a receiver of webhooks that checks signatures with Python's hmac.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "broker/base/bytes.h"
#include "broker/base/london.h"
#include "tests/integration/mllp/command.h"
#include "tests/support/hub_world.h"

namespace switchboard::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr char kSecret[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const std::string kScripts = std::string(SWITCHBOARD_SOURCE_DIR) + "/tests/integration/nudge/";

// A server of this folder, on a port that stays its own over restarts.
class Server {
 public:
  Server(std::string dir, std::string script, std::vector<std::string> arguments)
      : dir_(std::move(dir)), script_(std::move(script)), arguments_(std::move(arguments)) {}

  bool start(const std::vector<std::string>& more = {}) {
    std::filesystem::remove(port_file());
    std::vector<std::string> call{"/usr/bin/python3", kScripts + script_, "--port-file",
                                  port_file(),        "--port",           std::to_string(port_)};
    call.insert(call.end(), arguments_.begin(), arguments_.end());
    call.insert(call.end(), more.begin(), more.end());
    child_.start({.arguments = call, .environment = {}, .output = dir_ + "/" + script_ + ".log"});
    const auto open = [&] { return read_file(port_file()).ends_with('\n'); };
    if (!eventually(open, std::chrono::seconds(20))) return false;
    port_ = std::stoi(read_file(port_file()));
    return true;
  }
  void kill() { child_.kill(); }
  std::string port() const { return std::to_string(port_); }

 private:
  std::string port_file() const { return dir_ + "/" + script_ + ".port"; }
  std::string dir_, script_;
  std::vector<std::string> arguments_;
  int port_ = 0;
  Child child_;
};

std::vector<nlohmann::json> lines_of(const std::string& file) {
  std::vector<nlohmann::json> lines;
  std::istringstream in(read_file(file));
  for (std::string line; std::getline(in, line);) {
    auto parsed = nlohmann::json::parse(line, nullptr, false);
    if (parsed.is_object()) lines.push_back(std::move(parsed));
  }
  return lines;
}

class Nudge : public testing::Test {
 protected:
  Nudge()
      : smtp_(dir(), "smtp_server.py", {"--mails", file("mails")}),
        hook_(dir(), "hook_server.py", {"--calls", file("calls"), "--secret", kSecret}) {
    CHECK(wire::save_secret_key(file("nudge.key"), world_.keys("nudge").secret_key).ok());
    make_certificate();
    secret("password", "invented\n");
    secret("webhook", std::string(kSecret) + "\n");
  }

  std::string dir() const { return world_.hub.dir().file(""); }
  std::string file(const std::string& name) const { return world_.hub.dir().file(name); }
  void secret(const std::string& name, const std::string& text) {
    std::ofstream(file(name)) << text;
    std::filesystem::permissions(file(name), std::filesystem::perms(0600));
  }
  void make_certificate() {
    const auto made = run_command(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext "
        "subjectAltName=DNS:localhost -keyout " +
        file("tls.key") + " -out " + file("tls.pem"));
    CHECK(made.exit == 0);
  }
  std::vector<std::string> tls() const {
    return {"--certificate", file("tls.pem"), "--key", file("tls.key")};
  }

  // The health visitors have this address and are there in three days only.
  void enrol(v1::NudgeVia via, const std::string& address) {
    v1::Directory change;
    v1::PrincipalRow nudger = world_.principal("nudge", "X26", {v1::ROLE_NUDGER});
    *change.add_principals() = nudger;
    v1::Team team = team_row("X99-HV", "X99", "health_visiting");
    team.add_nudges()->set_via(via);
    team.mutable_nudges(0)->set_address(address);
    v1::Hours& hours = *team.add_hours();
    const Day then = to_london(Time{world_.status().now_us()}).day + 3;
    hours.add_days(static_cast<v1::Weekday>(static_cast<int>(weekday(then)) + 1));
    hours.set_from("09:00");
    hours.set_to("17:00");
    *change.add_teams() = team;
    const auto applied = world_.apply(change);
    ASSERT_TRUE(applied.ok()) << applied.error().text;
  }
  void start_nudger(const std::string& settings) {
    std::ofstream out(file("nudge.toml"));
    out << "poll_ms = 50\n"
        << settings << "[hub]\nconnect = \"" << world_.hub.client_endpoint()
        << "\"\nhub_public_key = '" << world_.hub.public_key()
        << "'\nsecret_key_file = \"nudge.key\"\n";
    out.close();
    nudger_.start({.arguments = {std::string(SWITCHBOARD_BINARY_DIR) + "/bin/switchboard-nudge",
                                 "--config", file("nudge.toml")},
                   .environment = {},
                   .output = file("nudge.log")});
  }
  std::string mail_settings(const std::string& tls = "required") const {
    return "smtp_url = \"smtp://localhost:" + smtp_.port() +
           "\"\nmail_from = \"switchboard@hub.example\"\nsmtp_tls = \"" + tls +
           "\"\nca_file = \"tls.pem\"\n";
  }
  std::string login_settings() const {
    return "smtp_user = \"nudge\"\nsmtp_password_file = \"password\"\n";
  }
  void publish() {
    if (publisher_ == nullptr) publisher_ = world_.publisher();
    const auto item = admission("1", v1::URGENCY_URGENT);
    const auto outcome = publisher_->publish(std::span(&item, 1), std::chrono::seconds(20));
    ASSERT_TRUE(outcome.ok()) << outcome.error().text;
    v1::EventHeader header;
    header.ParseFromString(item.header());
    reference_ = to_string(*id_from_bytes(header.event_id()));
  }
  v1::NudgeRow row() {
    v1::AdminRequest request;
    request.mutable_nudges();
    const auto answer = world_.ask(std::move(request));
    if (!answer.ok()) {
      ADD_FAILURE() << answer.error().text;
      return {};
    }
    const auto rows = answer.value().nudges();
    return rows.rows_size() == 0 ? v1::NudgeRow() : rows.rows(0);
  }
  bool reaches(v1::NudgeState state) {
    return eventually([&] { return row().state() == state; }, std::chrono::seconds(60));
  }

  HubWorld world_;
  Server smtp_;
  Server hook_;
  Child nudger_;
  std::unique_ptr<sdk::Client> publisher_;
  std::string reference_;
};

TEST_F(Nudge, AMailGoesOverTlsToARelayNobodyHereWroteAndNamesNobody) {
  ASSERT_TRUE(smtp_.start(tls()));
  enrol(v1::NUDGE_VIA_MAIL, "duty@team.example");
  start_nudger(mail_settings() + login_settings());
  publish();
  ASSERT_TRUE(reaches(v1::NUDGE_STATE_SENT)) << read_file(file("nudge.log"));
  const auto mails = lines_of(file("mails"));
  ASSERT_THAT(mails, SizeIs(1));
  EXPECT_EQ(mails[0]["to"][0], "duty@team.example");
  EXPECT_TRUE(mails[0]["tls"]);
  EXPECT_TRUE(mails[0]["user"]);
  const std::string text = mails[0]["text"];
  EXPECT_THAT(text, HasSubstr(reference_ + "  urgent"));
  EXPECT_THAT(text, HasSubstr("Message-ID: <" + to_hex(row().nudge_id()) + "@hub.example>"));
  EXPECT_THAT(text, HasSubstr("Ring Team X26-NET on 01632 960002."));
  for (const char* secret : {"admission", "EXAMPLE", "INVENTED", "ward", "2025-03-01"}) {
    EXPECT_THAT(text, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(read_file(file("nudge.log")), Not(HasSubstr("invented")));
  EXPECT_THAT(read_file(file("nudge.log")), Not(HasSubstr("duty@")));
  EXPECT_EQ(nudger_.stop(), 0);
}
TEST_F(Nudge, TheItemShowsThatItsTapWasSent) {
  ASSERT_TRUE(smtp_.start(tls()));
  enrol(v1::NUDGE_VIA_MAIL, "duty@team.example");
  start_nudger(mail_settings() + login_settings());
  publish();
  ASSERT_TRUE(reaches(v1::NUDGE_STATE_SENT)) << read_file(file("nudge.log"));
  v1::AdminRequest request;
  request.mutable_inbox()->set_team("X99-HV");
  request.mutable_inbox()->set_log(v1::LOG_KIND_INBOX);
  const auto page = world_.ask(std::move(request)).value().page();
  ASSERT_EQ(page.items_size(), 2);
  EXPECT_EQ(page.items(0).notice().nudge(), v1::NUDGE_STATE_SENT);
  EXPECT_EQ(page.items(1).notice().change(), v1::CHANGE_NUDGED);
  EXPECT_EQ(page.items(1).notice().refers_to(), 1u);
}
TEST_F(Nudge, ARelayWithoutTlsGetsNothing) {
  ASSERT_TRUE(smtp_.start());
  enrol(v1::NUDGE_VIA_MAIL, "duty@team.example");
  start_nudger(mail_settings() + "attempts_max = 1\n");
  publish();
  ASSERT_TRUE(reaches(v1::NUDGE_STATE_FAILED)) << read_file(file("nudge.log"));
  EXPECT_THAT(lines_of(file("mails")), IsEmpty());
  EXPECT_THAT(row().why(), HasSubstr("SSL"));
}
TEST_F(Nudge, ARelayThatIsDownGetsItWhenItIsBack) {
  ASSERT_TRUE(smtp_.start(tls()));
  smtp_.kill();
  enrol(v1::NUDGE_VIA_MAIL, "duty@team.example");
  start_nudger(mail_settings() + login_settings());
  publish();
  ASSERT_TRUE(eventually([&] { return !row().why().empty(); }, std::chrono::seconds(30)));
  EXPECT_EQ(row().state(), v1::NUDGE_STATE_WAITING);
  ASSERT_TRUE(smtp_.start(tls()));
  ASSERT_TRUE(reaches(v1::NUDGE_STATE_SENT)) << read_file(file("nudge.log"));
  EXPECT_THAT(lines_of(file("mails")), SizeIs(1));
}
TEST_F(Nudge, AWebhookIsSignedSoThatItsReceiverCanCheckIt) {
  ASSERT_TRUE(hook_.start());
  enrol(v1::NUDGE_VIA_WEBHOOK, "http://127.0.0.1:" + hook_.port() + "/tap");
  start_nudger("webhook_secret_file = \"webhook\"\n");
  publish();
  ASSERT_TRUE(reaches(v1::NUDGE_STATE_SENT)) << read_file(file("nudge.log"));
  const auto calls = lines_of(file("calls"));
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_TRUE(calls[0]["good"]);
  const std::string body = calls[0]["body"];
  EXPECT_THAT(body, HasSubstr(reference_));
  for (const char* secret : {"admission", "EXAMPLE", "INVENTED"}) {
    EXPECT_THAT(body, Not(HasSubstr(secret)));
  }
}
TEST_F(Nudge, OneKilledBetweenSendingAndTellingSendsItAgainUnderTheSameKey) {
  ASSERT_TRUE(hook_.start({"--hold"}));
  enrol(v1::NUDGE_VIA_WEBHOOK, "http://127.0.0.1:" + hook_.port() + "/tap");
  start_nudger("webhook_secret_file = \"webhook\"\n");
  publish();
  ASSERT_TRUE(
      eventually([&] { return lines_of(file("calls")).size() == 1; }, std::chrono::seconds(30)));
  nudger_.kill();
  EXPECT_EQ(row().state(), v1::NUDGE_STATE_WAITING);
  hook_.kill();
  ASSERT_TRUE(hook_.start());
  start_nudger("webhook_secret_file = \"webhook\"\n");
  ASSERT_TRUE(reaches(v1::NUDGE_STATE_SENT)) << read_file(file("nudge.log"));
  const auto calls = lines_of(file("calls"));
  ASSERT_THAT(calls, SizeIs(2));
  EXPECT_EQ(calls[0]["key"], calls[1]["key"]);
}
TEST_F(Nudge, OnlyANudgerIsHandedAnyOut) {
  auto screen = world_.endpoint();
  v1::Read read;
  read.mutable_nudges();
  const auto page = screen->request(read, std::chrono::seconds(20));
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().code, v1::CODE_NOT_ALLOWED);
}
TEST_F(Nudge, MailInTheClearToAnotherMachineIsRefusedAtTheStart) {
  start_nudger(
      "smtp_url = \"smtp://relay.example:25\"\nmail_from = \"a@b.example\"\n"
      "smtp_tls = \"off\"\n");
  EXPECT_NE(nudger_.wait(), 0);
  EXPECT_THAT(read_file(file("nudge.log")), HasSubstr("loopback"));
}

}  // namespace
}  // namespace switchboard::test
