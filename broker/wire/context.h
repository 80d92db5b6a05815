// One ZeroMQ context of a program. Everything of libzmq stays behind broker/wire.
// Outlives every socket made from it. Thread: sockets are opened by any one thread at a time.
#pragma once

#include <memory>

namespace switchboard::wire {

class Context {
 public:
  explicit Context(int io_threads = 1);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  struct State;
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

}  // namespace switchboard::wire
