#include "broker/runtime/health.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace switchboard {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A plain TCP client: what is sent, and all that comes back until the other side closes.
class Client {
 public:
  explicit Client(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes) { (void)::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  std::string receive_all() {
    std::string out;
    char chunk[4096];
    for (ssize_t n = 0; (n = recv(fd_, chunk, sizeof chunk, 0)) > 0;) {
      out.append(chunk, static_cast<size_t>(n));
    }
    return out;
  }

 private:
  int fd_;
};

class HealthPort : public testing::Test {
 protected:
  void open(Health::Options options) {
    options.listen = "127.0.0.1:0";
    options.program = "switchboard-broker";
    options.version = "0.1.0";
    auto opened = Health::open(std::move(options));
    CHECK(opened.ok());
    health = std::move(opened).value();
  }
  std::string ask(std::string_view request) {
    Client client(health->port());
    client.send(request);
    return client.receive_all();
  }
  std::string get(std::string_view path) {
    return ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: hub\r\n\r\n");
  }
  std::unique_ptr<Health> health;
};

TEST_F(HealthPort, IsNotReadyUntilItIsSaid) {
  open({});
  const std::string before = get("/readyz");
  EXPECT_THAT(before, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(before, HasSubstr("{\"ready\":false,\"reasons\":[\"starting\"]}"));
  health->publish({});
  const std::string after = get("/readyz");
  EXPECT_THAT(after, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(after, HasSubstr("{\"ready\":true,\"reasons\":[]}"));
}

TEST_F(HealthPort, SaysEveryReasonAgainstReadinessAsJson) {
  open({});
  health->publish({"disk below the mark", "clock \"frozen\""});
  EXPECT_THAT(get("/readyz"), HasSubstr("[\"disk below the mark\",\"clock \\\"frozen\\\"\"]"));
}

TEST_F(HealthPort, AStalledLoopIsNotAlive) {
  open({.stall_after = {1}});
  EXPECT_THAT(get("/livez"), StartsWith("HTTP/1.1 503"));
}

TEST_F(HealthPort, ATurningLoopIsAlive) {
  open({.stall_after = seconds(3600)});
  health->alive();
  EXPECT_THAT(get("/livez"), StartsWith("HTTP/1.1 200"));
}

TEST_F(HealthPort, ServesMetricsAndVersion) {
  open({.metrics_text = [] { return std::string("a_total 1\n"); }});
  const std::string metrics = get("/metrics");
  EXPECT_THAT(metrics, HasSubstr("Content-Type: text/plain; version=0.0.4"));
  EXPECT_TRUE(metrics.ends_with("\r\n\r\na_total 1\n"));
  EXPECT_THAT(get("/version?x=1"),
              HasSubstr("{\"program\":\"switchboard-broker\",\"version\":\"0.1.0\"}"));
}

TEST_F(HealthPort, RefusesOtherPathsAndMethods) {
  open({});
  EXPECT_THAT(get("/readyz/"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(ask("DELETE /livez HTTP/1.1\r\nHost: hub\r\n\r\n"), StartsWith("HTTP/1.1 405"));
}

TEST_F(HealthPort, HeadGivesTheLengthAndNoBody) {
  open({});
  const std::string answer = ask("HEAD /livez HTTP/1.1\r\nHost: hub\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 15\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(HealthPort, AnOversizedRequestIsCutOffAndTheNextIsServed) {
  open({});
  ask("GET /livez HTTP/1.1\r\nX: " + std::string(64 * 1024, 'x') + "\r\n\r\n");
  EXPECT_THAT(get("/livez"), StartsWith("HTTP/1.1 200"));
}

TEST_F(HealthPort, ASilentConnectionIsClosedAndItsPlaceGivenToTheNext) {
  open({.connections_max = 1, .timeout = milliseconds(50)});
  Client silent(health->port());
  EXPECT_THAT(get("/livez"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(silent.receive_all(), "");
}

TEST_F(HealthPort, ClosesWithConnectionsOpen) {
  open({});
  Client silent(health->port());
  EXPECT_THAT(get("/livez"), StartsWith("HTTP/1.1 200"));
  health.reset();
  EXPECT_EQ(silent.receive_all(), "");
}

TEST(Health, AWrongOrTakenAddressIsRefusedInWords) {
  EXPECT_FALSE(parse_host_port("9100").ok());
  EXPECT_FALSE(parse_host_port("::1:9100").ok());
  EXPECT_FALSE(parse_host_port("127.0.0.1:70000").ok());
  EXPECT_EQ(parse_host_port("[::1]:9100")->host, "::1");
  EXPECT_THAT(Health::open({.listen = "hub:1"}).error().text, HasSubstr("is no IP address"));
  const auto first = Health::open({.listen = "127.0.0.1:0"});
  ASSERT_TRUE(first.ok());
  const std::string taken = "127.0.0.1:" + std::to_string(first.value()->port());
  EXPECT_THAT(Health::open({.listen = taken}).error().text, HasSubstr("cannot be bound"));
}

}  // namespace
}  // namespace switchboard
