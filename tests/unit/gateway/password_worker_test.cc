#include "services/gateway/password_worker.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <mutex>

namespace switchboard::gateway {
namespace {

constexpr PasswordCost kCheap{.passes = 1, .memory_bytes = 8192};
constexpr PasswordCost kOther{.passes = 2, .memory_bytes = 8192};

// The server's thread: runs what is posted when the test says so. Closed, it holds the worker up.
class Inbox {
 public:
  PasswordWorker::Post post() {
    return [this](std::function<void()> work) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return open_; });
      posted_.push_back(std::move(work));
      changed_.notify_all();
    };
  }
  void close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void run_one() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !posted_.empty(); });
    auto work = std::move(posted_.front());
    posted_.pop_front();
    lock.unlock();
    work();
  }
  size_t waiting() {
    const std::lock_guard lock(mutex_);
    return posted_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> posted_;
  bool open_ = true;
};

class PasswordWorkerTest : public testing::Test {
 protected:
  PasswordWorker::Answer ask(PasswordWorker::Job job) {
    PasswordWorker::Answer got;
    job.done = [&](PasswordWorker::Answer answer) { got = std::move(answer); };
    EXPECT_TRUE(worker_.submit(std::move(job)));
    inbox_.run_one();
    return got;
  }
  static std::string hash(const char* password, const PasswordCost& cost = kCheap) {
    return hash_password(password, cost).value();
  }
  Inbox inbox_;
  PasswordWorker worker_{inbox_.post(), kCheap};
};

TEST_F(PasswordWorkerTest, SaysWhetherThePasswordIsRight) {
  EXPECT_TRUE(ask({.hash = hash("kettle moss"), .password = "kettle moss"}).right);
  EXPECT_FALSE(ask({.hash = hash("kettle moss"), .password = "kettle"}).right);
  EXPECT_EQ(ask({.hash = hash("kettle moss"), .password = "kettle moss"}).fresh_hash, "");
}
TEST_F(PasswordWorkerTest, WithoutAHashWhateverIsTypedIsWrong) {
  EXPECT_FALSE(ask({.password = ""}).right);
  EXPECT_FALSE(ask({.password = "kettle moss", .new_password = "x"}).right);
  EXPECT_EQ(worker_.looked_at(), 2u) << "and it takes its time";
}
TEST_F(PasswordWorkerTest, AHashOfAnotherCostIsMadeAgainWhenThePasswordIsRight) {
  const auto answer = ask({.hash = hash("kettle moss", kOther), .password = "kettle moss"});
  EXPECT_TRUE(answer.right);
  EXPECT_FALSE(needs_rehash(answer.fresh_hash, kCheap));
  EXPECT_TRUE(verify_password(answer.fresh_hash, "kettle moss"));
  EXPECT_EQ(ask({.hash = hash("kettle moss", kOther), .password = "x"}).fresh_hash, "");
}
TEST_F(PasswordWorkerTest, ANewPasswordIsHashedOnlyAfterTheOldOneWasRight) {
  const auto right =
      ask({.hash = hash("kettle moss"), .password = "kettle moss", .new_password = "river tree"});
  EXPECT_TRUE(verify_password(right.fresh_hash, "river tree"));
  const auto wrong =
      ask({.hash = hash("kettle moss"), .password = "x", .new_password = "river tree"});
  EXPECT_EQ(wrong.fresh_hash, "");
}
TEST_F(PasswordWorkerTest, SixteenWaitAndTheNextIsRefused) {
  size_t answered = 0;
  const auto job = [&] {
    return PasswordWorker::Job{.password = "x",
                               .done = [&](PasswordWorker::Answer) { ++answered; }};
  };
  inbox_.close();
  size_t taken = 0;
  // One is with the worker, who cannot hand it back; the worker takes it when it likes.
  while (taken < PasswordWorker::kWaitingMax + 1) {
    if (worker_.submit(job())) {
      ++taken;
    } else {
      EXPECT_TRUE(worker_.full());
      std::this_thread::yield();
    }
  }
  EXPECT_TRUE(worker_.full());
  EXPECT_FALSE(worker_.submit(job()));
  inbox_.open();
  for (size_t i = 0; i < taken; ++i) inbox_.run_one();
  EXPECT_EQ(answered, taken) << "and none of them is lost";
  EXPECT_FALSE(worker_.full());
}
TEST_F(PasswordWorkerTest, AnswersComeInTheOrderOfTheQuestions) {
  std::string order;
  for (const char c : {'a', 'b', 'c', 'd'}) {
    ASSERT_TRUE(worker_.submit(
        {.password = "x", .done = [&order, c](PasswordWorker::Answer) { order.push_back(c); }}));
  }
  for (int i = 0; i < 4; ++i) inbox_.run_one();
  EXPECT_EQ(order, "abcd");
}
TEST_F(PasswordWorkerTest, StoppedItTakesAndAnswersNothing) {
  worker_.stop();
  EXPECT_TRUE(worker_.full());
  EXPECT_FALSE(worker_.submit({.password = "x", .done = [](PasswordWorker::Answer) { FAIL(); }}));
  EXPECT_EQ(inbox_.waiting(), 0u);
}

}  // namespace
}  // namespace switchboard::gateway
