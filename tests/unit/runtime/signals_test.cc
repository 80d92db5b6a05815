#include "broker/runtime/signals.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

namespace switchboard {
namespace {

TEST(Signals, ArriveOnADescriptorInsteadOfKilling) {
  auto opened = Signals::open();
  ASSERT_TRUE(opened.ok());
  Signals& signals = **opened;
  EXPECT_EQ(signals.next(), std::nullopt);
  raise(SIGTERM);
  pollfd readable{.fd = signals.fd(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&readable, 1, 0), 1);
  EXPECT_EQ(signals.next(), Signals::Ask::kStop);
  raise(SIGHUP);
  EXPECT_EQ(signals.next(), Signals::Ask::kReload);
  EXPECT_EQ(signals.next(), std::nullopt);
}

TEST(Signals, OnesNotTakenDoNotOutliveIt) {
  auto opened = Signals::open();
  ASSERT_TRUE(opened.ok());
  raise(SIGINT);
  std::move(opened).value().reset();
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGINT), 0);
  sigset_t blocked;
  pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  EXPECT_EQ(sigismember(&blocked, SIGINT), 0);
}

TEST(Signals, AWriteToAPeerThatLeftIsAnError) {
  const auto opened = Signals::open();
  ASSERT_TRUE(opened.ok());
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  close(ends[1]);
}

}  // namespace
}  // namespace switchboard
