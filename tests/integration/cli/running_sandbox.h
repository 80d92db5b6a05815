// A sandbox as a new user meets it: the real programs, real sockets, the command line.
//
// Owns: its folder, and the process that runs it, which must end well. Thread: the test's.
#pragma once

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/sdk/client.h"
#include "adapters/sdk/connection_file.h"
#include "broker/base/london.h"
#include "services/cli/child_program.h"
#include "services/cli/command_line.h"
#include "tests/support/eventually.h"
#include "tests/support/temp_dir.h"

namespace switchboard::cli {

using test::eventually;
using ::testing::HasSubstr;
using ::testing::Not;

inline constexpr auto kPatience = std::chrono::seconds(40);

struct Ran {
  int exit = 0;
  std::string out;
  std::string err;
};

inline std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// One message over MLLP, and the whole answer.
inline std::string send_mllp(const std::string& address, const std::string& message) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  timeval patience{.tv_sec = 30, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  const size_t colon = address.rfind(':');
  to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) {
    const std::string framed = "\x0b" + message + "\x1c\r";
    if (send(fd, framed.data(), framed.size(), MSG_NOSIGNAL) ==
        static_cast<ssize_t>(framed.size())) {
      char c = 0;
      while (!answer.ends_with("\x1c\r") && recv(fd, &c, 1, 0) == 1) answer += c;
    }
  }
  close(fd);
  return answer;
}

class RunningSandbox : public ::testing::Test {
 protected:
  void SetUp() override {
    unsetenv("SWITCHBOARD_CONNECT");
    const std::string program = std::string(SWITCHBOARD_BINARY_DIR) + "/bin/switchboard";
    ASSERT_EQ(ran({"sandbox", "init", folder_}).exit, 0);
    change_configuration();
    auto started = ChildProgram::start({"sandbox", command(program), log_});
    ASSERT_TRUE(started.ok()) << started.error().text;
    sandbox_.emplace(std::move(*started));
    const bool up = eventually([&] { return access(addresses_.c_str(), R_OK) == 0; }, kPatience);
    ASSERT_TRUE(up) << text_of(log_);
  }

  virtual void change_configuration() {}
  virtual std::vector<std::string> command(const std::string& program) {
    return {program, "sandbox", "run", folder_, "--no-screens"};
  }

  void TearDown() override {
    sandbox_->ask_to_stop();
    std::optional<std::string> how;
    EXPECT_TRUE(eventually([&] { return (how = sandbox_->ended()).has_value(); }, kPatience));
    EXPECT_EQ(how.value_or("still running"), "exit 0") << text_of(log_);
  }

  nlohmann::json addresses() const { return nlohmann::json::parse(text_of(addresses_)); }
  Ran ran(std::vector<std::string> arguments) const {
    const bool needs_hub = arguments.front() != "sandbox";
    if (needs_hub) arguments.insert(arguments.end(), {"--connect", folder_ + "/connect.toml"});
    std::ostringstream out, err;
    Terminal terminal(out, err, {});
    const int exit = run(arguments, terminal);
    return {exit, out.str(), err.str()};
  }
  std::string feed(size_t source, const std::string& sample) const {
    return send_mllp(addresses()["mllp"][source]["address"], text_of(folder_ + "/hl7/" + sample));
  }
  // Deliveries of a team's inbox, as the command line lists them.
  std::vector<nlohmann::json> inbox(const std::string& team) const {
    const Ran listed = ran({"inbox", "ls", "--team", team, "--format", "jsonl"});
    std::vector<nlohmann::json> rows;
    std::istringstream lines(listed.out);
    for (std::string line; std::getline(lines, line);) rows.push_back(nlohmann::json::parse(line));
    return rows;
  }
  bool told(const std::string& team, size_t deliveries) const {
    return eventually([&] { return inbox(team).size() == deliveries; }, kPatience);
  }

  TempDir dir_;
  std::string folder_ = dir_.file("demo");
  std::string log_ = dir_.file("sandbox.log");
  std::string addresses_ = folder_ + "/endpoints.json";
  std::optional<ChildProgram> sandbox_;
};

}  // namespace switchboard::cli
