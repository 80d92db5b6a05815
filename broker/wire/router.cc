#include <zmq.h>

#include <cerrno>

#include "broker/base/limits.h"
#include "broker/wire/router_state.h"

namespace switchboard::wire {

namespace {

constexpr int kBacklog = 1024;
// Z-22: someone who sends only rubbish must not keep the loop from its timers.
constexpr int kDropsPerReceive = 256;

bool is_local(const std::string& bind) {
  for (const char* prefix :
       {"tcp://127.", "tcp://localhost:", "tcp://[::1]:", "ipc://", "inproc://"}) {
    if (bind.starts_with(prefix)) return true;
  }
  return false;
}

Status check(Context& context, const Router::Options& options) {
  if (!options.curve) {
    if (is_local(options.bind)) return ok();
    return error(v1::CODE_NOT_ALLOWED, "without CURVE only loopback is allowed: " + options.bind);
  }
  // P9: both would admit any key (Z-16).
  if (options.zap_domain.empty()) return error(v1::CODE_INVALID, "CURVE needs a ZAP domain");
  if (!context.state().zap_running) {
    return error(v1::CODE_INTERNAL, "the ZAP thread must run before a CURVE socket binds");
  }
  return ok();
}

Status set_curve_server(Socket& socket, const Router::Options& options) {
  TRY_DO(socket.set(ZMQ_CURVE_SERVER, 1));
  TRY_DO(socket.set(ZMQ_CURVE_SECRETKEY, options.keys.secret_key));
  return socket.set(ZMQ_ZAP_DOMAIN, options.zap_domain);
}

Status set_options(Socket& socket, const Router::Options& options) {
  TRY_DO(set_common(socket, {.high_water_in = options.high_water_in,
                             .high_water_out = options.high_water_out,
                             .frame_bytes_max = options.frame_bytes_max}));
  TRY_DO(socket.set(ZMQ_ROUTER_MANDATORY, 1));  // Z-1: else what cannot be sent is lost in silence
  // P9: nobody takes over an address. Clients choose none, so none is kept out by its ghost (Z-8).
  TRY_DO(socket.set(ZMQ_ROUTER_HANDOVER, 0));
  TRY_DO(socket.set(ZMQ_BACKLOG, kBacklog));
  TRY_DO(socket.set(ZMQ_IPV6, options.ipv6 ? 1 : 0));
  return options.curve ? set_curve_server(socket, options) : ok();
}

// Z-12: an option set too late is ignored without a word.
Status check_bound(const Socket& socket, const Router::Options& options) {
  const size_t bytes_max =
      options.frame_bytes_max ? options.frame_bytes_max : limits::kFrameBytesMax;
  const bool bounds = socket.long_number(ZMQ_MAXMSGSIZE) == static_cast<int64_t>(bytes_max) &&
                      socket.number(ZMQ_SNDHWM) == options.high_water_out &&
                      socket.number(ZMQ_RCVHWM) == options.high_water_in &&
                      socket.number(ZMQ_LINGER) == 0 && socket.number(ZMQ_HEARTBEAT_IVL) > 0 &&
                      socket.number(ZMQ_HANDSHAKE_IVL) > 0;
  const bool guarded = !options.curve || (socket.number(ZMQ_MECHANISM) == ZMQ_CURVE &&
                                          socket.number(ZMQ_CURVE_SERVER) == 1 &&
                                          socket.text(ZMQ_ZAP_DOMAIN) == options.zap_domain);
  if (bounds && guarded) return ok();
  return error(v1::CODE_INTERNAL, "a socket option did not hold at " + options.bind);
}

}  // namespace

// Whose frame it is counts by its connection, too.
static bool is_admitted(Router::State& state, Frame& frame, const char* key) {
  const int descriptor = zmq_msg_get(static_cast<zmq_msg_t*>(frame.raw()), ZMQ_SRCFD);
  return state.peers.admit(descriptor, key, state.address.bytes());
}

Router::Router() : state_(std::make_unique<State>()) {}
Router::~Router() { state_->peers.close(state_->socket); }

Result<std::unique_ptr<Router>> Router::open(Context& context, const Options& options) {
  TRY_DO(check(context, options));
  std::unique_ptr<Router> router(new Router);  // private constructor
  TRY(router->state_->socket, Socket::open(context, ZMQ_ROUTER));
  Socket& socket = router->state_->socket;
  TRY_DO(set_options(socket, options));
  if (options.curve) {
    TRY(router->state_->peers, Peers::open(context, socket, options.per_key_max));
  }
  if (zmq_bind(socket.raw(), options.bind.c_str()) != 0) {
    return socket_error("bind " + options.bind);
  }
  TRY_DO(check_bound(socket, options));
  router->state_->endpoint = socket.text(ZMQ_LAST_ENDPOINT);
  router->state_->curve = options.curve;
  return router;
}

const std::string& Router::endpoint() const { return state_->endpoint; }
uint64_t Router::dropped() const { return state_->dropped; }
uint64_t Router::cut() const { return state_->peers.cuts(); }

bool Router::receive(Sender& from, Frame& frame) {
  Socket& socket = state_->socket;
  for (int drops = 0; drops < kDropsPerReceive; ++drops) {
    if (!socket.receive_part(state_->address)) {
      if (state_->curve) state_->peers.follow(Peers::Clock::now());
      return false;
    }
    const bool body = Socket::more(state_->address) && socket.receive_part(frame);
    const char* key =
        body ? zmq_msg_gets(static_cast<zmq_msg_t*>(frame.raw()), "User-Id") : nullptr;
    const bool known = !state_->curve || (key && *key);
    if (body && known && !Socket::more(frame) &&
        (!state_->curve || is_admitted(*state_, frame, key))) {
      from.address.assign(state_->address.bytes());
      from.public_key.assign(key ? key : "");
      return true;
    }
    if (body) socket.drop_rest(frame);
    ++state_->dropped;
  }
  return false;
}

bool Router::waiting() const { return (state_->socket.number(ZMQ_EVENTS) & ZMQ_POLLIN) != 0; }

Sent Router::send(const std::string& address, std::string_view bytes) {
  Socket& socket = state_->socket;
  if (state_->curve && !state_->peers.reaches(address)) return Sent::kGone;
  if (!socket.send_part(std::string_view(address), ZMQ_SNDMORE)) {
    return errno == EAGAIN ? Sent::kFull : Sent::kGone;
  }
  return socket.send_part(bytes, 0) ? Sent::kYes : Sent::kGone;
}

Sent Router::send(const std::string& address, std::string&& bytes) {
  Socket& socket = state_->socket;
  if (state_->curve && !state_->peers.reaches(address)) return Sent::kGone;
  if (!socket.send_part(std::string_view(address), ZMQ_SNDMORE)) {
    return errno == EAGAIN ? Sent::kFull : Sent::kGone;
  }
  return socket.send_part(std::move(bytes), 0) ? Sent::kYes : Sent::kGone;
}

}  // namespace switchboard::wire
