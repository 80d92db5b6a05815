// Waits on several Routers and plain file descriptors at once. Level-triggered: what is not read
// stays ready. The hub's loop waits on its two routers and an eventfd.
//
// Thread: the Routers'. Everything added outlives the Poller.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "broker/wire/router.h"

namespace switchboard::wire {

class Poller {
 public:
  Poller();
  ~Poller();

  // The place to ask ready() about.
  size_t add(const Router& router);
  size_t add(int fd);
  // False: the time is up, or a signal came. Zero only looks.
  bool wait(std::chrono::milliseconds at_most);
  // As of the last wait. A hung-up fd counts as ready.
  bool ready(size_t place) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace switchboard::wire
