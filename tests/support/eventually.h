// The only place in the tests that may wait: for a condition, with a deadline.
#pragma once

#include <chrono>
#include <thread>

namespace switchboard::test {

// True as soon as the condition holds, false when the time is up.
template <typename Condition>
bool eventually(Condition condition, std::chrono::milliseconds at_most = std::chrono::seconds(10)) {
  const auto until = std::chrono::steady_clock::now() + at_most;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace switchboard::test
