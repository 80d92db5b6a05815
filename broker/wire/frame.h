// One received message: its bytes, without a copy, and who sent it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace switchboard::wire {

// An address is only where replies go; the key is who it is (Z-8). Addresses can pass from one peer
// to another: compare the key of every frame, and never tell an address to a client.
// Empty key: CURVE is off.
struct Sender {
  std::string address;     // routing id, opaque
  std::string public_key;  // Z85 user id set by the ZAP thread
};

// Owns the received bytes; move only. The view is valid for the Frame's lifetime.
class Frame {
 public:
  Frame();
  ~Frame();
  Frame(Frame&& other) noexcept;
  Frame& operator=(Frame&& other) noexcept;
  std::string_view bytes() const;

  // The libzmq message; for broker/wire only.
  void* raw() { return message_; }
  // After a reception. Only under ThreadSanitizer, which does not see libzmq's I/O thread hand the
  // bytes over and would report each word of them wherever it is read: copies them.
  void take_over();

 private:
  // zmq_msg_t is 64 bytes by its ABI; kept opaque so zmq.h stays in the sources, and in place so
  // that a frame costs no allocation.
  alignas(void*) unsigned char message_[64];
#if defined(__SANITIZE_THREAD__)
  std::string taken_;
#endif
};

}  // namespace switchboard::wire
