#include "broker/wire/socket.h"

#include <zmq.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "broker/base/limits.h"

namespace switchboard::wire {

namespace {

// Below this a copy is cheaper than an allocation that another thread frees.
constexpr size_t kCopyBytesMax = 4096;
constexpr int kHeartbeatMs = 3'000;  // Z-9
constexpr int kHeartbeatTimeoutMs = 3 * kHeartbeatMs;
constexpr int kHandshakeMs = 5'000;  // Z-15

zmq_msg_t* message(Frame& frame) { return static_cast<zmq_msg_t*>(frame.raw()); }

// libzmq gives up a call that does not block only when a signal comes in between.
bool send_message(void* socket, zmq_msg_t* m, int flags) {
  int sent;
  do {
    sent = zmq_msg_send(m, socket, flags | ZMQ_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

void free_string(void* /*bytes*/, void* owned) {
  const std::unique_ptr<std::string> gone(static_cast<std::string*>(owned));
}

}  // namespace

Error socket_error(std::string_view what) {
  const auto code = errno == EINVAL ? v1::CODE_INVALID : v1::CODE_INTERNAL;
  return error(code, std::string(what) + ": " + zmq_strerror(errno));
}

Result<Socket> Socket::open(Context& context, int kind) {
  Socket socket;
  socket.raw_ = zmq_socket(context.state().context, kind);
  if (!socket.raw_) return socket_error("open a socket");
  return socket;
}

Socket::~Socket() {
  if (raw_) zmq_close(raw_);
}

Socket::Socket(Socket&& other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(raw_, other.raw_);
  return *this;
}

Status Socket::set(int option, int value) {
  if (zmq_setsockopt(raw_, option, &value, sizeof value) == 0) return ok();
  return socket_error("socket option " + std::to_string(option));
}

Status Socket::set(int option, int64_t value) {
  if (zmq_setsockopt(raw_, option, &value, sizeof value) == 0) return ok();
  return socket_error("socket option " + std::to_string(option));
}

Status Socket::set(int option, const std::string& text) {
  if (zmq_setsockopt(raw_, option, text.data(), text.size()) == 0) return ok();
  return socket_error("socket option " + std::to_string(option));
}

int Socket::number(int option) const {
  int value = 0;
  size_t size = sizeof value;
  CHECK(zmq_getsockopt(raw_, option, &value, &size) == 0);
  return value;
}

int64_t Socket::long_number(int option) const {
  int64_t value = 0;
  size_t size = sizeof value;
  CHECK(zmq_getsockopt(raw_, option, &value, &size) == 0);
  return value;
}

std::string Socket::text(int option) const {
  std::array<char, 1024> value{};
  size_t size = value.size();
  CHECK(zmq_getsockopt(raw_, option, value.data(), &size) == 0);
  return {value.data()};  // zero-terminated by libzmq
}

bool Socket::receive_part(Frame& part) {
  int received;
  do {
    received = zmq_msg_recv(message(part), raw_, ZMQ_DONTWAIT);
  } while (received < 0 && errno == EINTR);
  if (received >= 0) part.take_over();
  return received >= 0;
}

bool Socket::more(Frame& part) { return zmq_msg_more(message(part)) != 0; }

void Socket::drop_rest(Frame& part) {
  // libzmq shows a message only when all its parts are there, so this ends.
  while (more(part) && receive_part(part)) {
  }
}

bool Socket::send_part(std::string_view bytes, int flags) {
  zmq_msg_t m;
  CHECK(zmq_msg_init_size(&m, bytes.size()) == 0);
  if (!bytes.empty()) std::memcpy(zmq_msg_data(&m), bytes.data(), bytes.size());
  if (send_message(raw_, &m, flags)) return true;
  const int why = errno;
  zmq_msg_close(&m);
  errno = why;
  return false;
}

bool Socket::send_part(std::string&& bytes, int flags) {
  if (bytes.size() <= kCopyBytesMax) return send_part(std::string_view(bytes), flags);
  auto owned = std::make_unique<std::string>(std::move(bytes));
  std::string* const content = owned.get();
  zmq_msg_t m;
  CHECK(zmq_msg_init_data(&m, content->data(), content->size(), free_string, owned.release()) == 0);
  if (send_message(raw_, &m, flags)) return true;
  const int why = errno;
  bytes = std::move(*content);
  zmq_msg_close(&m);
  errno = why;
  return false;
}

Status set_common(Socket& socket, const SocketLimits& limits) {
  const size_t bytes_max = limits.frame_bytes_max ? limits.frame_bytes_max : limits::kFrameBytesMax;
  TRY_DO(socket.set(ZMQ_SNDHWM, limits.high_water_out));
  TRY_DO(socket.set(ZMQ_RCVHWM, limits.high_water_in));
  TRY_DO(socket.set(ZMQ_MAXMSGSIZE, static_cast<int64_t>(bytes_max)));
  TRY_DO(socket.set(ZMQ_HEARTBEAT_IVL, kHeartbeatMs));
  TRY_DO(socket.set(ZMQ_HEARTBEAT_TIMEOUT, kHeartbeatTimeoutMs));
  TRY_DO(socket.set(ZMQ_HEARTBEAT_TTL, kHeartbeatTimeoutMs));
  TRY_DO(socket.set(ZMQ_HANDSHAKE_IVL, kHandshakeMs));
  TRY_DO(socket.set(ZMQ_LINGER, 0));
  TRY_DO(socket.set(ZMQ_TCP_KEEPALIVE, 1));
  TRY_DO(socket.set(ZMQ_TCP_KEEPALIVE_IDLE, 30));
  TRY_DO(socket.set(ZMQ_TCP_KEEPALIVE_INTVL, 10));
  return socket.set(ZMQ_TCP_KEEPALIVE_CNT, 3);
}

}  // namespace switchboard::wire
