#include "tests/bench/socket.h"

#include <cerrno>
#include <fstream>

#include "tests/support/arguments.h"

namespace switchboard::bench {

using support::die;
namespace {

void set(void* socket, int option, int value) {
  if (zmq_setsockopt(socket, option, &value, sizeof value) != 0) die("zmq_setsockopt");
}
void set(void* socket, int option, const std::string& z85) {
  if (zmq_setsockopt(socket, option, z85.c_str(), z85.size() + 1) != 0) die("a CURVE key is bad");
}
void* make(const Context& context, int type) {
  void* socket = zmq_socket(context.get(), type);
  if (socket == nullptr) die("zmq_socket");
  set(socket, ZMQ_LINGER, 0);
  set(socket, ZMQ_SNDHWM, 0);
  set(socket, ZMQ_RCVHWM, 0);
  return socket;
}

}  // namespace

Context make_context() { return Context(zmq_ctx_new()); }

CurveKeys make_curve_keys() {
  char public_key[41];
  char secret_key[41];
  if (zmq_curve_keypair(public_key, secret_key) != 0) die("this libzmq has no CURVE");
  return {public_key, secret_key};
}

Socket Socket::router(const Context& context, const std::string& bind, const std::string& secret) {
  Socket made(make(context, ZMQ_ROUTER));
  void* socket = made.socket_.get();
  set(socket, ZMQ_ROUTER_MANDATORY, 1);
  if (!secret.empty()) {
    set(socket, ZMQ_CURVE_SERVER, 1);
    set(socket, ZMQ_CURVE_SECRETKEY, secret);
  }
  if (zmq_bind(socket, bind.c_str()) != 0) die("cannot bind " + bind);
  return made;
}

Socket Socket::dealer(const Context& context, const std::string& connect,
                      const std::string& hub_key, const std::string& secret_file) {
  Socket made(make(context, ZMQ_DEALER));
  void* socket = made.socket_.get();
  if (!hub_key.empty()) {
    CurveKeys keys = make_curve_keys();
    if (!secret_file.empty()) {
      std::ifstream file(secret_file);
      char public_key[41];
      if (!(file >> keys.secret_key) || zmq_curve_public(public_key, keys.secret_key.c_str()) != 0)
        die("no secret key in " + secret_file);
      keys.public_key = public_key;
    }
    set(socket, ZMQ_CURVE_SERVERKEY, hub_key);
    set(socket, ZMQ_CURVE_PUBLICKEY, keys.public_key);
    set(socket, ZMQ_CURVE_SECRETKEY, keys.secret_key);
  }
  if (zmq_connect(socket, connect.c_str()) != 0) die("cannot connect to " + connect);
  return made;
}

bool Socket::receive(Message& message, Wait wait) {
  if (zmq_msg_recv(message.get(), socket_.get(), wait == Wait::kYes ? 0 : ZMQ_DONTWAIT) >= 0)
    return true;
  if (errno != EAGAIN && errno != EINTR) die("zmq_msg_recv");
  return false;
}

bool Socket::receive(std::string& from, Message& message, Wait wait) {
  if (!receive(message, wait)) return false;
  from.assign(message.bytes());
  if (!receive(message, Wait::kYes)) die("a message without a body");
  return true;
}

void Socket::send(std::string_view bytes) {
  if (zmq_send(socket_.get(), bytes.data(), bytes.size(), 0) < 0) die("zmq_send");
}

void Socket::send(const std::string& to, std::string&& bytes) {
  if (zmq_send(socket_.get(), to.data(), to.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) {
    if (errno == EHOSTUNREACH) return;  // the client left
    die("zmq_send to a client");
  }
  if (bytes.size() < 4096) {
    if (zmq_send(socket_.get(), bytes.data(), bytes.size(), ZMQ_DONTWAIT) < 0) die("zmq_send");
    return;
  }
  // Large frames are handed over, not copied.
  auto owned = std::make_unique<std::string>(std::move(bytes));
  zmq_msg_t message;
  zmq_msg_init_data(
      &message, owned->data(), owned->size(),
      [](void*, void* string) { std::unique_ptr<std::string>(static_cast<std::string*>(string)); },
      owned.get());
  (void)owned.release();
  if (zmq_msg_send(&message, socket_.get(), ZMQ_DONTWAIT) < 0) die("zmq_msg_send");
}

bool Socket::readable(int64_t timeout_ms) {
  zmq_pollitem_t item{socket_.get(), 0, ZMQ_POLLIN, 0};
  return zmq_poll(&item, 1, static_cast<long>(timeout_ms)) > 0;
}

std::string Socket::endpoint() const {
  char text[256];
  size_t size = sizeof text;
  if (zmq_getsockopt(socket_.get(), ZMQ_LAST_ENDPOINT, text, &size) != 0) die("ZMQ_LAST_ENDPOINT");
  return text;
}

}  // namespace switchboard::bench
