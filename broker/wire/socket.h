// One libzmq socket, closed with its owner; failures as Status. For the sources of broker/wire
// only.
//
// Numbers of options and kinds are libzmq's own, so that this header needs nothing of it.
// Thread: the one that made it, or one it was given to whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "broker/base/result.h"
#include "broker/wire/context.h"
#include "broker/wire/frame.h"

namespace switchboard::wire {

struct Context::State {
  void* context = nullptr;
  // libzmq lets every stranger in when no ZAP thread is bound (Z-16), so a CURVE router asks.
  bool zap_running = false;
};

class Socket {
 public:
  static Result<Socket> open(Context& context, int kind);
  Socket() = default;
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;

  Status set(int option, int value);
  Status set(int option, int64_t value);
  Status set(int option, const std::string& text);
  int number(int option) const;
  int64_t long_number(int option) const;
  std::string text(int option) const;

  // One part, never blocking. False: errno says why.
  bool receive_part(Frame& part);
  // True while the last part that was received is not the last of its message.
  static bool more(Frame& part);
  // Takes what is left of a message off the queue.
  void drop_rest(Frame& part);
  bool send_part(std::string_view bytes, int flags);
  // The string is taken over only on success.
  bool send_part(std::string&& bytes, int flags);

  void* raw() const { return raw_; }

 private:
  void* raw_ = nullptr;
};

// "bind tcp://…: Address already in use", from errno.
Error socket_error(std::string_view what);
// What router and dealer have in common: bounds, heartbeats, keepalive, no linger.
struct SocketLimits {
  int high_water_in = 0;
  int high_water_out = 0;
  size_t frame_bytes_max = 0;  // 0: limits::kFrameBytesMax
};
Status set_common(Socket& socket, const SocketLimits& limits);

}  // namespace switchboard::wire
