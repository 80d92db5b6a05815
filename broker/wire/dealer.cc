#include "broker/wire/dealer.h"

#include <zmq.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "broker/base/bytes.h"
#include "broker/base/seal.h"
#include "broker/wire/socket.h"

namespace switchboard::wire {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Z-13. libzmq adds up to the interval itself as jitter, and doubles it up to the maximum.
constexpr int kReconnectMs = 100;
constexpr int kReconnectSpreadMs = 150;
constexpr int kReconnectMaxMs = 5'000;
// libzmq gives a connection up for good after a refusal or a protocol error; then we knock again:
// soon after a refusal, and after this when nothing was heard at all.
constexpr milliseconds kKnockMin{250};
constexpr milliseconds kKnockMax{5'000};
constexpr milliseconds kSilenceMax{15'000};
constexpr int kEvents = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                        ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_DISCONNECTED;

// Spreads clients that lost the same hub at the same moment.
int spread(int at_most) {
  return static_cast<int>(get_u32(os_random(4)) % static_cast<uint32_t>(at_most + 1));
}

// Two sockets that live at once have different addresses.
std::string monitor_name(const void* socket) {
  return "inproc://monitor-" + std::to_string(reinterpret_cast<uintptr_t>(socket));
}

Status set_options(Socket& socket, const Dealer::Options& options) {
  TRY_DO(set_common(socket, {.high_water_in = options.high_water,
                             .high_water_out = options.high_water,
                             .frame_bytes_max = options.frame_bytes_max}));
  TRY_DO(socket.set(ZMQ_LINGER, options.linger_ms));
  TRY_DO(socket.set(ZMQ_IMMEDIATE, 1));  // Z-6
  TRY_DO(socket.set(ZMQ_RECONNECT_IVL, kReconnectMs + spread(kReconnectSpreadMs)));
  TRY_DO(socket.set(ZMQ_RECONNECT_IVL_MAX, kReconnectMaxMs));
  if (!options.routing_id.empty()) TRY_DO(socket.set(ZMQ_ROUTING_ID, options.routing_id));
  if (!options.curve) return ok();
  TRY_DO(socket.set(ZMQ_CURVE_SERVERKEY, options.hub_public_key));
  TRY_DO(socket.set(ZMQ_CURVE_PUBLICKEY, options.keys.public_key));
  return socket.set(ZMQ_CURVE_SECRETKEY, options.keys.secret_key);
}

// The monitor's queue is unlimited because a full one would stop libzmq's I/O thread; what comes in
// is bounded by the pace of reconnecting.
Result<Socket> open_monitor(Context& context, Socket& socket) {
  const auto name = monitor_name(socket.raw());
  if (zmq_socket_monitor(socket.raw(), name.c_str(), kEvents) != 0) {
    return socket_error("monitor a socket");
  }
  TRY(Socket monitor, Socket::open(context, ZMQ_PAIR));
  TRY_DO(monitor.set(ZMQ_RCVHWM, 0));
  TRY_DO(monitor.set(ZMQ_LINGER, 0));
  if (zmq_connect(monitor.raw(), name.c_str()) != 0) return socket_error("connect a monitor");
  return monitor;
}

}  // namespace

struct Dealer::State {
  Options options;
  Socket socket;
  Socket monitor;
  uint64_t connections = 0;
  bool connected = false;
  bool refused = false;
  Clock::time_point knock_at;
  milliseconds pause = kKnockMin;

  // Reads the monitor, so that nothing piles up there, and knocks again if it is time.
  void follow();
  void take(int event);
  void knock_if_due();
};

void Dealer::State::take(int event) {
  const auto now = Clock::now();
  connected = event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
  if (connected) {
    ++connections;
    refused = false;
    pause = kKnockMin;
  } else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) {
    refused = true;
    knock_at = now + pause + milliseconds(spread(static_cast<int>(pause.count()) / 2));
    pause = std::min(2 * pause, kKnockMax);
  } else if (!refused) {
    // A refusal is followed by a disconnection, which must not put the next knock off.
    knock_at = now + kSilenceMax;
  }
}

void Dealer::State::knock_if_due() {
  if (connected || Clock::now() < knock_at) return;
  knock_at = Clock::now() + kSilenceMax;
  // The old connection may be gone already: then there is nothing to disconnect.
  zmq_disconnect(socket.raw(), options.connect.c_str());
  zmq_connect(socket.raw(), options.connect.c_str());
}

void Dealer::State::follow() {
  Frame part;
  while (monitor.receive_part(part)) {
    // First part: event number (16 bits) and value, in the machine's order. Second: the endpoint.
    uint16_t event = 0;
    if (part.bytes().size() >= sizeof event) {
      std::memcpy(&event, part.bytes().data(), sizeof event);
    }
    monitor.drop_rest(part);
    if (event & kEvents) take(event);
  }
  knock_if_due();
}

Dealer::Dealer() : state_(std::make_unique<State>()) {}

Dealer::~Dealer() {
  if (state_->socket.raw()) zmq_socket_monitor(state_->socket.raw(), nullptr, 0);
}

Result<std::unique_ptr<Dealer>> Dealer::open(Context& context, const Options& options) {
  std::unique_ptr<Dealer> dealer(new Dealer);  // private constructor
  State& state = *dealer->state_;
  state.options = options;
  TRY(state.socket, Socket::open(context, ZMQ_DEALER));
  TRY_DO(set_options(state.socket, options));
  TRY(state.monitor, open_monitor(context, state.socket));
  state.knock_at = Clock::now() + kSilenceMax;
  if (zmq_connect(state.socket.raw(), options.connect.c_str()) != 0) {
    return socket_error("connect " + options.connect);
  }
  return dealer;
}

// libzmq takes a frame a moment before it tells of the handshake: whoever asks connections() after
// that would count an answer over this connection as one over another.
bool Dealer::send(std::string&& bytes) {
  if (!state_->connected) state_->follow();
  return state_->connected && state_->socket.send_part(std::move(bytes), 0);
}

bool Dealer::receive(Frame& frame) {
  while (state_->socket.receive_part(frame)) {
    if (!Socket::more(frame)) return true;
    state_->socket.drop_rest(frame);
  }
  return false;
}

void Dealer::wait(milliseconds at_most, int wake_fd) {
  const auto until = Clock::now() + at_most;
  const uint64_t connections = state_->connections;
  const bool connected = state_->connected, refused = state_->refused;
  std::array<zmq_pollitem_t, 3> items{{{state_->socket.raw(), 0, ZMQ_POLLIN, 0},
                                       {state_->monitor.raw(), 0, ZMQ_POLLIN, 0},
                                       {nullptr, wake_fd, ZMQ_POLLIN, 0}}};
  for (;;) {
    auto next = until;
    if (!state_->connected) next = std::min(next, state_->knock_at);
    const auto left = std::chrono::ceil<milliseconds>(next - Clock::now());
    const int ready = zmq_poll(items.data(), wake_fd < 0 ? 2 : 3,
                               static_cast<long>(std::max(left, milliseconds(0)).count()));
    state_->follow();
    const bool changed = connections != state_->connections || connected != state_->connected ||
                         refused != state_->refused;
    const bool woken = ready > 0 && (items[0].revents || (wake_fd >= 0 && items[2].revents));
    // A negative answer is a signal: the caller may be asked to stop.
    if (ready < 0 || changed || woken || Clock::now() >= until) return;
  }
}

uint64_t Dealer::connections() {
  state_->follow();
  return state_->connections;
}

bool Dealer::connected() {
  state_->follow();
  return state_->connected;
}

bool Dealer::refused() {
  state_->follow();
  return state_->refused;
}

}  // namespace switchboard::wire
