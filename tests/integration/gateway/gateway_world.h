// A real hub, the real switchboard-gateway in front of it, and people with browsers.
//
// Owns both processes and their folders. The gateway listens on loopback without TLS and keeps its
// port over restarts. X99-HV's rosa and omar have passwords; rosa
// sees how the hub is. Thread: the test's.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "services/gateway/screen_json.h"
#include "switchboard/v1/screen.pb.h"
#include "tests/integration/gateway/raw_browser.h"
#include "tests/support/child.h"
#include "tests/support/hub_world.h"

namespace switchboard::test {

struct Answered {
  unsigned status = 0;
  std::string head;
  std::string body;
  template <typename Message>
  Message as() const {
    Message message;
    EXPECT_TRUE(gateway::from_json(body, message, 64 << 20).ok()) << status << " " << body;
    return message;
  }
};

// One browser: a cookie, a CSRF token, a request at a time.
class Browser {
 public:
  explicit Browser(uint16_t port) : port_(port) {}
  Answered get(const std::string& path) { return ask("GET", path, ""); }
  Answered send(const std::string& method, const std::string& path,
                const google::protobuf::Message& body);
  Answered post(const std::string& path, const google::protobuf::Message& body) {
    return send("POST", path, body);
  }
  Answered sign_in(const std::string& person, const std::string& password);
  // A stream that goes on after this id.
  RawBrowser stream(const std::string& path, const std::string& last_id);
  // A request whose answer is heard later.
  RawBrowser begin(const std::string& path) { return stream(path, ""); }
  const std::string& cookie() const { return cookie_; }

 private:
  Answered ask(const std::string& method, const std::string& path, const std::string& body);
  std::string head(const std::string& method, const std::string& path) const;
  uint16_t port_;
  std::string cookie_, csrf_;
};

class GatewayWorld {
 public:
  static constexpr const char* kPassword = "three calm otters";

  GatewayWorld();
  ~GatewayWorld();
  bool start();
  void kill() { gateway_.kill(); }
  int stop() { return gateway_.stop(); }
  Browser browser() const { return Browser(port_); }
  Browser signed_in(const std::string& person = "rosa");
  // Exit code of `switchboard-gateway people …`, with this on its standard input.
  int people(const std::string& words, const std::string& input);
  std::string log() const { return read_file(dir_.file("gateway.log")); }
  uint16_t port() const { return port_; }
  // From the trust to the area's children; the position it was accepted at.
  void happens(const EventSpec& spec);

  HubWorld hub;

 private:
  std::string config() const;
  TempDir dir_;
  uint16_t port_ = 0;
  Child gateway_;
  std::unique_ptr<sdk::Client> publisher_;
};

}  // namespace switchboard::test
