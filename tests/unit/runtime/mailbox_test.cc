#include "broker/runtime/mailbox.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <memory>
#include <thread>

namespace switchboard {
namespace {

bool readable(int fd, int within_ms) {
  pollfd wake{fd, POLLIN, 0};
  return ::poll(&wake, 1, within_ms) == 1;
}

TEST(Mailbox, GivesWhatWasPutInTheSameOrder) {
  Mailbox<int> box(3);
  for (int i = 1; i <= 3; ++i) EXPECT_TRUE(box.push(int{i}));
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(box.pop(), i);
  EXPECT_EQ(box.pop(), std::nullopt);
}

TEST(Mailbox, AFullOneLeavesTheItemWithItsOwner) {
  Mailbox<std::unique_ptr<int>> box(1);
  EXPECT_TRUE(box.push(std::make_unique<int>(1)));
  auto second = std::make_unique<int>(2);
  EXPECT_FALSE(box.push(std::move(second)));
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(*second, 2);
  EXPECT_EQ(**box.pop(), 1);
  EXPECT_TRUE(box.push(std::move(second)));
}

TEST(Mailbox, CanBeWaitedFor) {
  Mailbox<int> box(2);
  EXPECT_FALSE(readable(box.fd(), 0));
  EXPECT_TRUE(box.push(1));
  EXPECT_TRUE(readable(box.fd(), 0));
  box.clear_wakeup();
  EXPECT_FALSE(readable(box.fd(), 0));
  EXPECT_EQ(box.pop(), 1) << "clear first, then take until empty: nothing is missed";
}

// One thread puts, one takes; every item arrives once, whole and in order.
TEST(Mailbox, TwoThreadsShareNothingButTheBox) {
  constexpr int kItems = 50'000;
  Mailbox<std::unique_ptr<std::string>> box(16);
  std::thread sender([&] {
    for (int i = 0; i < kItems; ++i) {
      auto item = std::make_unique<std::string>(std::to_string(i));
      while (!box.push(std::move(item))) std::this_thread::yield();
    }
  });
  int next = 0;
  while (next < kItems) {
    ASSERT_TRUE(readable(box.fd(), 10'000)) << "a wake-up was lost after " << next;
    box.clear_wakeup();
    while (auto item = box.pop()) {
      ASSERT_EQ(**item, std::to_string(next));
      ++next;
    }
  }
  sender.join();
}

}  // namespace
}  // namespace switchboard
