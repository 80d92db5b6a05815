// A bounded queue from one thread to one other, with an eventfd to poll: no lock, no sharing of
// what is inside (the sender moves it in, the receiver moves it out). Thread: push from one, pop
// from one other.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "broker/base/check.h"

namespace switchboard {

template <typename Item>
class Mailbox {
 public:
  explicit Mailbox(size_t capacity)
      : slots_(capacity + 1), fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    CHECK(fd_ >= 0);
  }
  ~Mailbox() { close(fd_); }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // False: full, and `item` is untouched.
  bool push(Item&& item) {
    const size_t tail = tail_.load(std::memory_order_relaxed);
    const size_t next = (tail + 1) % slots_.size();
    if (next == head_.load(std::memory_order_acquire)) return false;
    slots_[tail].emplace(std::move(item));
    tail_.store(next, std::memory_order_release);
    const uint64_t one = 1;
    // Full only at 2^64-2 unread wake-ups; either way the reader is awake.
    (void)!write(fd_, &one, sizeof one);
    return true;
  }
  std::optional<Item> pop() {
    const size_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire)) return std::nullopt;
    std::optional<Item> item = std::move(slots_[head]);
    slots_[head].reset();
    head_.store((head + 1) % slots_.size(), std::memory_order_release);
    return item;
  }
  // Readable while something may be there; clear_wakeup() before popping until empty.
  int fd() const { return fd_; }
  void clear_wakeup() {
    uint64_t count = 0;
    (void)!read(fd_, &count, sizeof count);
  }

 private:
  std::vector<std::optional<Item>> slots_;
  std::atomic<size_t> head_{0};
  std::atomic<size_t> tail_{0};
  int fd_;
};

}  // namespace switchboard
