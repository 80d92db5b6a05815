#include "adapters/mllp/connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace switchboard::mllp {
namespace {

constexpr size_t kChunk = 16 * 1024;  // a TLS record
constexpr int kChunksPerPump = 16;    // one fast sender does not hold up the others

Moved plain(ssize_t result, bool reading) {
  if (result > 0) return {.state = Moved::State::kSome, .bytes = static_cast<size_t>(result)};
  if (result == 0 && reading) return {.state = Moved::State::kEnd};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {};
  return {.state = Moved::State::kBroken};
}

}  // namespace

Connection::Connection(Fd socket, Options options, int64_t now_us)
    : socket_(std::move(socket)), options_(std::move(options)), last_us_(now_us) {
  if (options_.tls) frame_us_ = now_us;  // the handshake counts as a begun frame
}

Connection::~Connection() {
  if (options_.tls && !broken_) options_.tls->say_goodbye();
}

void Connection::pump(int64_t now_us) {
  if (!out_.empty()) write_some(now_us);
  for (int chunks = 0; reads() && (gone_ || chunks < kChunksPerPump); ++chunks) {
    if (!read_some(now_us)) break;
  }
}

bool Connection::read_some(int64_t now_us) {
  std::array<char, kChunk> chunk;
  const Moved got = options_.tls ? options_.tls->read(chunk.data(), chunk.size())
                                 : plain(recv(fd(), chunk.data(), chunk.size(), 0), true);
  if (got.state == Moved::State::kSome) {
    take_bytes({chunk.data(), got.bytes}, now_us);
    return true;
  }
  if (got.state == Moved::State::kLater && !gone_) {
    const bool greeted = options_.tls && options_.tls->established();
    if (greeted && !decoder_.in_frame()) frame_us_ = 0;
    return false;
  }
  broken_ = broken_ || gone_ || got.state == Moved::State::kBroken;
  end();
  return false;
}

void Connection::take_bytes(std::string_view bytes, int64_t now_us) {
  const bool was_in_frame = decoder_.in_frame();
  for (Frame& frame : decoder_.feed(bytes)) frames_.push_back(std::move(frame));
  last_us_ = now_us;
  if (!decoder_.in_frame()) {
    frame_us_ = 0;
  } else if (!was_in_frame || !frames_.empty() || frame_us_ == 0) {
    frame_us_ = now_us;
  }
}

void Connection::end() {
  if (ended_) return;
  ended_ = true;
  frame_us_ = 0;
  for (Frame& frame : decoder_.close()) frames_.push_back(std::move(frame));
}

void Connection::write_some(int64_t now_us) {
  const Moved put = options_.tls ? options_.tls->write(out_)
                                 : plain(send(fd(), out_.data(), out_.size(), MSG_NOSIGNAL), false);
  if (put.state == Moved::State::kSome) {
    out_.erase(0, put.bytes);
    last_us_ = now_us;
    // Time that we took is not the sender's.
    if (out_.empty() && decoder_.in_frame()) frame_us_ = now_us;
  } else if (put.state != Moved::State::kLater) {
    broken_ = true;
    out_.clear();
    end();
  }
}

std::optional<Frame> Connection::take_frame() {
  if (!has_frame()) return std::nullopt;
  Frame frame = std::move(frames_.front());
  frames_.pop_front();
  busy_ = true;
  return frame;
}

void Connection::answered(std::string bytes, int64_t now_us) {
  busy_ = false;
  last_us_ = now_us;
  if (decoder_.in_frame()) frame_us_ = now_us;
  if (broken_) return;
  out_ += bytes;
  pump(now_us);
}

void Connection::stop_reading() {
  ended_ = true;
  frames_.clear();  // not in our custody: their sender was told nothing and sends them again
}

bool Connection::sweep(int64_t now_us) {
  if (busy_ || !frames_.empty()) return false;
  const auto passed = [now_us](int64_t since, Duration most) { return now_us - since > most.us; };
  const bool stuck = !out_.empty() && passed(last_us_, options_.limits.frame_within);
  const bool slow = frame_us_ != 0 && passed(frame_us_, options_.limits.frame_within);
  const bool idle = options_.limits.idle_most.us > 0 && passed(last_us_, options_.limits.idle_most);
  if (!stuck && !slow && !idle) return false;
  out_.clear();
  broken_ = true;
  end();
  return true;
}

uint32_t Connection::interest() const {
  uint32_t events = 0;
  if (reads()) events |= EPOLLIN;
  if (!out_.empty() || (options_.tls && options_.tls->wants_write())) events |= EPOLLOUT;
  return events;
}

}  // namespace switchboard::mllp
