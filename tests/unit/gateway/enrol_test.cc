#include "services/gateway/enrol.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <thread>

#include "services/gateway/credentials.h"
#include "tests/support/temp_dir.h"

namespace switchboard::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr PasswordCost kCheap{.passes = 1, .memory_bytes = 8192};

class Enrol : public testing::Test {
 protected:
  Enrol() { std::filesystem::permissions(dir_.path(), std::filesystem::perms(0700)); }
  Exit run(const std::vector<std::string>& words, const std::string& typed = {}) {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    EXPECT_EQ(write(ends[1], typed.data(), typed.size()), static_cast<ssize_t>(typed.size()));
    close(ends[1]);
    const Exit exit = run_on(ends[0], words);
    close(ends[0]);
    return exit;
  }
  Exit run_on(int fd, const std::vector<std::string>& words) {
    out_.str("");
    err_.str("");
    return run_people(words, {.state_dir = dir_.path(),
                              .password_from = fd,
                              .now = Time{1'700'000'000'000'000},
                              .out = out_,
                              .err = err_,
                              .cost = kCheap});
  }
  v1::GatewayPerson person(const std::string& id) {
    const auto people = Credentials::open(dir_.path());
    const auto* row = people->find(id);
    return row == nullptr ? v1::GatewayPerson() : *row;
  }
  TempDir dir_;
  std::ostringstream out_, err_;
};

TEST_F(Enrol, APasswordComesFromStdinAndMustBeChanged) {
  ASSERT_EQ(run({"set-password", "anna"}, "kettle moss\n"), Exit::kOk) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("must change at first sign-in"));
  EXPECT_TRUE(person("anna").must_change());
  EXPECT_EQ(person("anna").set_us(), 1'700'000'000'000'000);
  EXPECT_TRUE(verify_password(person("anna").hash(), "kettle moss"));
  EXPECT_THAT(out_.str() + err_.str(), Not(HasSubstr("kettle")));
  ASSERT_EQ(run({"set-password", "bela", "--keep"}, "river tree"), Exit::kOk);
  EXPECT_FALSE(person("bela").must_change());
  EXPECT_THAT(out_.str(), Not(HasSubstr("must change")));
}
TEST_F(Enrol, SettingItAgainIsALaterTimeAlsoWithinOneTick) {
  run({"set-password", "anna"}, "kettle moss\n");
  run({"set-password", "anna"}, "kettle tree\r\n");
  EXPECT_EQ(person("anna").set_us(), 1'700'000'000'000'001);
  EXPECT_TRUE(verify_password(person("anna").hash(), "kettle tree"));
}
TEST_F(Enrol, APasswordThatIsGuessedFirstIsRefused) {
  EXPECT_EQ(run({"set-password", "anna.jones"}, "password123\n"), Exit::kBadInput);
  EXPECT_EQ(run({"set-password", "anna.jones"}, "anna.jones1\n"), Exit::kBadInput);
  EXPECT_EQ(run({"set-password", "anna.jones"}, ""), Exit::kBadInput);
  EXPECT_EQ(run({"set-password", "anna.jones"}, std::string(400, 'x')), Exit::kBadInput);
  EXPECT_THAT(err_.str(), Not(HasSubstr("xxx")));
  EXPECT_FALSE(std::filesystem::exists(dir_.file("people.json")));
}
TEST_F(Enrol, ThereIsNoPasswordOnTheCommandLine) {
  EXPECT_EQ(run({"set-password", "anna", "kettle moss"}), Exit::kUsage);
  EXPECT_EQ(run({"set-password", "anna", "--password=kettle moss"}), Exit::kUsage);
  EXPECT_EQ(run({"set-password"}), Exit::kUsage);
  EXPECT_EQ(run({"remove"}), Exit::kUsage);
  EXPECT_EQ(run({"ls", "anna"}), Exit::kUsage);
  EXPECT_EQ(run({"remove", "anna", "--keep"}), Exit::kUsage);
  EXPECT_EQ(run({"conjure", "anna"}), Exit::kUsage);
  EXPECT_EQ(run({}), Exit::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("people set-password PERSON"));
}
TEST_F(Enrol, AnIdIsOneLineOfText) {
  EXPECT_EQ(run({"set-password", "an\nna"}, "kettle moss\n"), Exit::kBadInput);
  EXPECT_EQ(run({"set-password", ""}, "kettle moss\n"), Exit::kBadInput);
  EXPECT_EQ(run({"set-password", std::string(200, 'a')}, "kettle moss\n"), Exit::kBadInput);
}
TEST_F(Enrol, TheListSaysWhoAndWhenAndNoHash) {
  run({"set-password", "anna"}, "kettle moss\n");
  run({"set-password", "bela", "--keep"}, "river tree\n");
  ASSERT_EQ(run({"ls"}), Exit::kOk);
  EXPECT_EQ(out_.str(),
            "anna    2023-11-14T22:13:20.000Z  must change\nbela    2023-11-14T22:13:20.000Z\n");
  EXPECT_THAT(out_.str(), Not(HasSubstr("argon2")));
}
TEST_F(Enrol, WhoIsRemovedHasNone) {
  run({"set-password", "anna"}, "kettle moss\n");
  EXPECT_EQ(run({"remove", "anna"}), Exit::kOk);
  EXPECT_EQ(run({"remove", "anna"}), Exit::kBadInput);
  ASSERT_EQ(run({"ls"}), Exit::kOk);
  EXPECT_EQ(out_.str(), "");
  EXPECT_THAT(err_.str(), HasSubstr("nobody"));
}
TEST_F(Enrol, WhileSomebodyElseWritesItSaysToTryAgain) {
  const int other = open(dir_.file("people.json.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_EQ(flock(other, LOCK_EX), 0);
  EXPECT_EQ(run({"set-password", "anna"}, "kettle moss\n"), Exit::kRetryLater);
  close(other);
}
TEST_F(Enrol, AFileThatOthersCanReadIsRefused) {
  dir_.write("people.json", "{}");
  std::filesystem::permissions(dir_.file("people.json"), std::filesystem::perms(0644));
  EXPECT_EQ(run({"ls"}), Exit::kBadInput);
  EXPECT_THAT(err_.str(), HasSubstr("chmod 600"));
}

// A terminal: what a person types is asked twice and not shown.
class EnrolAtATerminal : public Enrol {
 protected:
  EnrolAtATerminal() {
    keyboard_ = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    EXPECT_EQ(grantpt(keyboard_), 0);
    EXPECT_EQ(unlockpt(keyboard_), 0);
    terminal_ = open(ptsname(keyboard_), O_RDWR | O_NOCTTY | O_CLOEXEC);
    EXPECT_GE(terminal_, 0);
  }
  ~EnrolAtATerminal() override {
    close(terminal_);
    close(keyboard_);
  }
  bool echoes() const {
    termios now{};
    EXPECT_EQ(tcgetattr(terminal_, &now), 0);
    return (now.c_lflag & ECHO) != 0;
  }
  // Types once the terminal shows nothing: TCSAFLUSH throws away what came before.
  Exit run_typing(const std::string& typed) {
    std::thread person([&] {
      while (echoes()) std::this_thread::yield();
      EXPECT_EQ(write(keyboard_, typed.data(), typed.size()), static_cast<ssize_t>(typed.size()));
    });
    const Exit exit = run_on(terminal_, {"set-password", "anna"});
    person.join();
    return exit;
  }
  int keyboard_ = -1;
  int terminal_ = -1;
};

TEST_F(EnrolAtATerminal, ThePasswordIsAskedTwiceAndNotShown) {
  ASSERT_TRUE(echoes());
  ASSERT_EQ(run_typing("kettle moss\nkettle moss\n"), Exit::kOk) << err_.str();
  EXPECT_TRUE(verify_password(person("anna").hash(), "kettle moss"));
  EXPECT_TRUE(echoes()) << "the terminal is as it was";
}
TEST_F(EnrolAtATerminal, TwoThatDifferAreRefused) {
  EXPECT_EQ(run_typing("kettle moss\nkettle mose\n"), Exit::kBadInput);
  EXPECT_THAT(err_.str(), HasSubstr("not the same"));
  EXPECT_TRUE(echoes());
}

}  // namespace
}  // namespace switchboard::gateway
