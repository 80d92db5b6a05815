#include "broker/wire/context.h"

#include <zmq.h>

#include <cerrno>

#include "broker/base/check.h"
#include "broker/wire/socket.h"

namespace switchboard::wire {

namespace {
// Sockets we open ourselves; accepted connections do not count.
constexpr int kSocketsMax = 4096;
}  // namespace

Context::Context(int io_threads) : state_(std::make_unique<State>()) {
  state_->context = zmq_ctx_new();
  CHECK(state_->context != nullptr);
  CHECK(zmq_ctx_set(state_->context, ZMQ_IO_THREADS, io_threads) == 0);
  CHECK(zmq_ctx_set(state_->context, ZMQ_MAX_SOCKETS, kSocketsMax) == 0);
  // Z-10: without this every socket lingers for ever by default.
  CHECK(zmq_ctx_set(state_->context, ZMQ_BLOCKY, 0) == 0);
}

Context::~Context() {
  while (zmq_ctx_term(state_->context) != 0 && errno == EINTR) {
  }
}

}  // namespace switchboard::wire
