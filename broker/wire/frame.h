// One received message: its bytes, without a copy, and who sent it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace switchboard::wire {

// An address is only where replies go; the key is who it is (Z-8). Empty key: CURVE is off.
struct Sender {
  std::string address;     // routing id, opaque
  std::string public_key;  // Z85 user id set by the ZAP thread
};

// Owns the received bytes; move only. The view is valid for the Frame's lifetime.
class Frame {
 public:
  Frame();
  ~Frame();
  Frame(Frame&&) noexcept;
  Frame& operator=(Frame&&) noexcept;
  std::string_view bytes() const;

  struct State;
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

}  // namespace switchboard::wire
