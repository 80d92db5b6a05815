#include "broker/wire/frame.h"

#include <zmq.h>

#include "broker/base/check.h"

namespace switchboard::wire {

namespace {
static_assert(sizeof(zmq_msg_t) <= 64 && alignof(zmq_msg_t) <= alignof(void*));

zmq_msg_t* message(void* raw) { return static_cast<zmq_msg_t*>(raw); }
}  // namespace

Frame::Frame() { CHECK(zmq_msg_init(message(raw())) == 0); }

Frame::~Frame() { zmq_msg_close(message(raw())); }

Frame::Frame(Frame&& other) noexcept : Frame() { *this = std::move(other); }

Frame& Frame::operator=(Frame&& other) noexcept {
  if (this != &other) CHECK(zmq_msg_move(message(raw()), message(other.raw())) == 0);
#if defined(__SANITIZE_THREAD__)
  taken_ = std::move(other.taken_);
#endif
  return *this;
}

#if defined(__SANITIZE_THREAD__)
extern "C" void AnnotateIgnoreReadsBegin(const char* file, int line);
extern "C" void AnnotateIgnoreReadsEnd(const char* file, int line);

void Frame::take_over() {
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  taken_.assign(static_cast<const char*>(zmq_msg_data(message(raw()))),
                zmq_msg_size(message(raw())));
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
}

std::string_view Frame::bytes() const { return taken_; }
#else
void Frame::take_over() {}

std::string_view Frame::bytes() const {
  // libzmq's readers take a pointer to non-const; they change nothing.
  auto* m = message(const_cast<unsigned char*>(message_));
  return {static_cast<const char*>(zmq_msg_data(m)), zmq_msg_size(m)};
}
#endif

}  // namespace switchboard::wire
