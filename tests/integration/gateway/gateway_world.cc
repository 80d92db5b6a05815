#include "tests/integration/gateway/gateway_world.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "broker/base/check.h"
#include "services/gateway/screen_json.h"

namespace switchboard::test {
namespace {

const std::string kProgram = std::string(SWITCHBOARD_BINARY_DIR) + "/bin/switchboard-gateway";

void write(const std::string& file, const std::string& text) { std::ofstream(file) << text; }

// The value of "name: " in a head.
std::string field(const std::string& head, const std::string& name) {
  const size_t at = head.find("\r\n" + name + ": ");
  if (at == head.npos) return {};
  const size_t from = at + name.size() + 4;
  return head.substr(from, head.find("\r\n", from) - from);
}

uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  CHECK(bind(fd, reinterpret_cast<sockaddr*>(&at), size) == 0);
  CHECK(getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) == 0);
  ::close(fd);
  return ntohs(at.sin_port);
}

}  // namespace

std::string Browser::head(const std::string& method, const std::string& path) const {
  return method + " " + path + " HTTP/1.1\r\nHost: screen\r\nOrigin: http://screen\r\n" +
         (cookie_.empty() ? "" : "Cookie: " + cookie_ + "\r\n") +
         (csrf_.empty() ? "" : "X-Switchboard-Csrf: " + csrf_ + "\r\n");
}

Answered Browser::ask(const std::string& method, const std::string& path, const std::string& body) {
  RawBrowser line(port_);
  const std::string length = std::to_string(body.size());
  line.say(head(method, path) +
           (method == "GET" ? ""
                            : "Content-Type: application/json\r\n"
                              "Content-Length: " +
                                  length + "\r\n") +
           "\r\n" + body);
  const std::string said = line.hear_answer();
  Answered out;
  if (said.size() < 12) return out;
  out.status = static_cast<unsigned>(std::stoul(said.substr(9, 3)));
  const size_t end = said.find("\r\n\r\n");
  out.head = said.substr(0, end + 2);
  out.body = said.substr(end + 4);
  const std::string set = field(out.head, "Set-Cookie");
  if (!set.empty()) cookie_ = set.substr(0, set.find(';'));
  return out;
}

Answered Browser::send(const std::string& method, const std::string& path,
                       const google::protobuf::Message& body) {
  return ask(method, path, gateway::to_json(body));
}

Answered Browser::sign_in(const std::string& person, const std::string& password) {
  v1::SignIn asked;
  asked.set_person(person);
  asked.set_password(password);
  Answered answer = post("/api/session", asked);
  v1::ScreenSession session;
  if (answer.status == 200 && gateway::from_json(answer.body, session, 1 << 20).ok()) {
    csrf_ = session.csrf();
  }
  return answer;
}

RawBrowser Browser::stream(const std::string& path, const std::string& last_id) {
  RawBrowser line(port_);
  line.say(head("GET", path) + (last_id.empty() ? "" : "Last-Event-ID: " + last_id + "\r\n") +
           "\r\n");
  return line;
}

GatewayWorld::GatewayWorld() : port_(free_port()) {
  v1::Directory directory = hub.directory();
  v1::PrincipalRow gateway =
      hub.principal("x99-gateway", "X99", {v1::ROLE_ENDPOINT, v1::ROLE_PUBLISHER}, {"X99-HV"});
  gateway.set_system("SCREEN");
  gateway.set_assurance(v1::ASSURANCE_FEDERATED);
  *directory.add_principals() = gateway;
  directory.mutable_policy()->set_id("default");
  v1::SendPrompt& prompt = *directory.mutable_policy()->add_send_prompts();
  prompt.set_id("who_else");
  prompt.add_kinds("call_logged");
  prompt.set_question("Has anybody else been told?");
  prompt.set_mandatory(true);
  CHECK(hub.apply(directory).ok());
  std::filesystem::create_directories(dir_.file("web"));
  write(dir_.file("web") + "/index.html", "<!doctype html><title>page</title>");
  write(dir_.file("gateway.key"), hub.keys("x99-gateway").secret_key);
  write(dir_.file("operator.key"), hub.keys("operator").secret_key);
  for (const char* key : {"gateway.key", "operator.key"}) {
    std::filesystem::permissions(dir_.file(key), std::filesystem::perms::owner_read);
  }
  write(dir_.file("gateway.toml"), config());
  for (const char* person : {"rosa", "omar", "mina"}) {
    CHECK(people(std::string("set-password ") + person + " --keep", kPassword) == 0);
  }
  publisher_ = hub.publisher("publisher", "x26-pas");
  CHECK(start());
}

GatewayWorld::~GatewayWorld() {
  if (!gateway_.running()) return;
  EXPECT_EQ(gateway_.stop(), 0) << log();
}

std::string GatewayWorld::config() const {
  return "listen = \"127.0.0.1:" + std::to_string(port_) + "\"\nteam = [\"X99-HV\"]\n" +
         "state_dir = \"state\"\nweb_dir = \"web\"\n" +
         "publish_agency = \"X99\"\npublish_system = \"SCREEN\"\n" +
         "operator = [\"rosa\"]\noperator_key_file = \"operator.key\"\noperator_connect = \"" +
         hub.hub.admin_endpoint() + "\"\n" + "[hub]\nconnect = \"" + hub.hub.client_endpoint() +
         "\"\nhub_public_key = '" + hub.hub.public_key() + "'\nsecret_key_file = \"gateway.key\"\n";
}

bool GatewayWorld::start() {
  gateway_.start({.arguments = {kProgram, "--config", dir_.file("gateway.toml")},
                  .environment = {},
                  .output = dir_.file("gateway.log")});
  // Ready when it knows who there is: before that nobody can sign in.
  return eventually([&] {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool up = connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    ::close(fd);
    if (!up) return false;
    Browser probe(port_);
    v1::SignIn nobody;
    nobody.set_person("nobody");
    nobody.set_password("no such password");
    return probe.post("/api/session", nobody).status != 503;
  });
}

int GatewayWorld::people(const std::string& words, const std::string& input) {
  write(dir_.file("input"), input + "\n");
  return Child::run({.arguments = {"/bin/sh", "-c",
                                   kProgram + " people " + words + " --config " +
                                       dir_.file("gateway.toml") + " < " + dir_.file("input")},
                     .environment = {"PATH=/usr/bin:/bin"},
                     .output = dir_.file("people.log")});
}

Browser GatewayWorld::signed_in(const std::string& person) {
  Browser one = browser();
  const auto answer = one.sign_in(person, kPassword);
  EXPECT_EQ(answer.status, 200u) << answer.body << log();
  return one;
}

void GatewayWorld::happens(const EventSpec& spec) {
  const v1::Item item = item_of(spec);
  const auto said = publisher_->publish(std::span(&item, 1), std::chrono::seconds(15));
  CHECK(said.ok());
  EXPECT_EQ(said->front().code, v1::CODE_OK) << said->front().text;
}

}  // namespace switchboard::test
