#include "broker/runtime/systemd.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "tests/support/temp_dir.h"

namespace switchboard {
namespace {

// The supervisor's end of NOTIFY_SOCKET.
class Supervisor {
 public:
  Supervisor() : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    const std::string path = dir_.file("notify");
    CHECK(path.size() < sizeof at.sun_path);
    std::memcpy(at.sun_path, path.data(), path.size());
    CHECK(bind(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~Supervisor() {
    unsetenv("NOTIFY_SOCKET");
    close(fd_);
  }
  std::string receive() {
    char text[512];
    const ssize_t n = recv(fd_, text, sizeof text, MSG_DONTWAIT);
    return n < 0 ? "nothing" : std::string(text, static_cast<size_t>(n));
  }

 private:
  TempDir dir_;
  int fd_;
};

TEST(Systemd, IsToldReadyAliveAndStopping) {
  Supervisor supervisor;
  systemd::ready("listening");
  EXPECT_EQ(supervisor.receive(), "READY=1\nSTATUS=listening");
  systemd::watchdog();
  EXPECT_EQ(supervisor.receive(), "WATCHDOG=1");
  systemd::stopping("draining");
  EXPECT_EQ(supervisor.receive(), "STOPPING=1\nSTATUS=draining");
}

TEST(Systemd, AStatusCannotSayMoreThanOneLine) {
  Supervisor supervisor;
  systemd::status("a\nWATCHDOG=trigger");
  EXPECT_EQ(supervisor.receive(), "STATUS=a WATCHDOG=trigger");
}

TEST(Systemd, TheWatchdogIsFedTwiceItsRate) {
  EXPECT_EQ(systemd::watchdog_period(), std::nullopt);
  setenv("WATCHDOG_USEC", "30000000", 1);
  EXPECT_EQ(systemd::watchdog_period(), seconds(15));
  unsetenv("WATCHDOG_USEC");
}

}  // namespace
}  // namespace switchboard
