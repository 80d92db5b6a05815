// What the server is to those who answer requests: a reply that is told once, and a queue of work
// that others post to its thread, run when the test says so.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "services/gateway/http_message.h"

namespace switchboard::gateway {

struct Told {
  std::optional<Response> response;
};
class TestReply final : public Reply {
 public:
  explicit TestReply(Told& told) : told_(told) {}
  void answer(Response response) override {
    EXPECT_FALSE(told_.response) << "answered twice";
    told_.response = std::move(response);
  }
  std::shared_ptr<Stream> stream() override { return nullptr; }

 private:
  Told& told_;
};

// What HttpServer::post is for the worker.
class Posted {
 public:
  void put(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
    changed_.notify_all();
  }
  void forget() {
    const std::lock_guard lock(mutex_);
    work_.clear();
  }
  void run_one() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !work_.empty(); });
    auto work = std::move(work_.front());
    work_.pop_front();
    lock.unlock();
    work();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> work_;
};

}  // namespace switchboard::gateway
