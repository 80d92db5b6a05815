// What the kernel wakes the source for: an epoll set, itself a descriptor, so that the SDK client's
// one wait covers the hub's socket and all of ours (that is why one thread is enough).
// Thread: the source's. Fails: open, without descriptors.
#pragma once

#include <cstdint>
#include <vector>

#include "broker/base/fd.h"
#include "broker/base/result.h"

namespace switchboard::mllp {

class Poller {
 public:
  struct Event {
    uint64_t tag = 0;
    uint32_t events = 0;
  };
  static Result<Poller> open();
  // False: the kernel takes no more.
  bool add(int fd, uint32_t events, uint64_t tag);
  void change(int fd, uint32_t events, uint64_t tag);
  void remove(int fd);
  // What is there now, a bounded number; never waits.
  const std::vector<Event>& ready();
  int fd() const { return epoll_.get(); }

 private:
  explicit Poller(Fd epoll) : epoll_(std::move(epoll)) {}
  Fd epoll_;
  std::vector<Event> events_;
};

}  // namespace switchboard::mllp
