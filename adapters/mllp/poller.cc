#include "adapters/mllp/poller.h"

#include <sys/epoll.h>

#include <array>

namespace switchboard::mllp {
namespace {
constexpr int kEventsMax = 256;

int control(int epoll, int operation, int fd, uint32_t events, uint64_t tag) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  return epoll_ctl(epoll, operation, fd, &event);
}
}  // namespace

Result<Poller> Poller::open() {
  Fd epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.valid()) return error(v1::CODE_INTERNAL, "no descriptor for epoll");
  return Poller(std::move(epoll));
}

bool Poller::add(int fd, uint32_t events, uint64_t tag) {
  return control(epoll_.get(), EPOLL_CTL_ADD, fd, events, tag) == 0;
}

void Poller::change(int fd, uint32_t events, uint64_t tag) {
  CHECK(control(epoll_.get(), EPOLL_CTL_MOD, fd, events, tag) == 0);
}

void Poller::remove(int fd) { CHECK(control(epoll_.get(), EPOLL_CTL_DEL, fd, 0, 0) == 0); }

const std::vector<Poller::Event>& Poller::ready() {
  std::array<epoll_event, kEventsMax> got;
  const int n = epoll_wait(epoll_.get(), got.data(), kEventsMax, 0);
  events_.clear();
  for (int i = 0; i < n; ++i) {
    events_.push_back({got[static_cast<size_t>(i)].data.u64, got[static_cast<size_t>(i)].events});
  }
  return events_;
}

}  // namespace switchboard::mllp
