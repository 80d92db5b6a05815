#include "broker/wire/poller.h"

#include <zmq.h>

#include <vector>

#include "broker/base/check.h"
#include "broker/wire/router_state.h"

namespace switchboard::wire {

struct Poller::State {
  std::vector<zmq_pollitem_t> items;
};

Poller::Poller() : state_(std::make_unique<State>()) {}
Poller::~Poller() = default;

size_t Poller::add(const Router& router) {
  state_->items.push_back({router.state().socket.raw(), 0, ZMQ_POLLIN, 0});
  return state_->items.size() - 1;
}

size_t Poller::add(int fd) {
  state_->items.push_back({nullptr, fd, ZMQ_POLLIN, 0});
  return state_->items.size() - 1;
}

bool Poller::wait(std::chrono::milliseconds at_most) {
  const int ready = zmq_poll(state_->items.data(), static_cast<int>(state_->items.size()),
                             static_cast<long>(at_most.count()));
  if (ready > 0) return true;
  // After a signal libzmq may leave marks of an earlier wait.
  for (auto& item : state_->items) item.revents = 0;
  return false;
}

bool Poller::ready(size_t place) const {
  CHECK(place < state_->items.size());
  return state_->items[place].revents != 0;
}

}  // namespace switchboard::wire
