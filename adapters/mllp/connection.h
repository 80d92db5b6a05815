// One sender's connection: bytes to frames, answers to bytes, and how long each may take.
//
// Owns the socket. One frame at a time is open: while one waits for its answer, or the answer for
// room in the socket, nothing more is read, so a sender is held back by TCP and its order survives.
// A peer that closes its side still gets its answers; one that is gone leaves the frames it sent.
// Not here: what a frame leads to (exchange.h, source.h). Thread: the source's.
// Fails: never; a broken connection reports its frames and is then finished().
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "adapters/mllp/mllp_frame.h"
#include "adapters/mllp/tls.h"
#include "broker/base/fd.h"
#include "broker/base/time.h"

namespace switchboard::mllp {

class Connection {
 public:
  struct Limits {
    Duration frame_within = seconds(30);  // a begun frame, a TLS handshake, an answer to be taken
    Duration idle_most = seconds(0);      // 0: for ever
  };
  struct Options {
    size_t listener = 0;
    std::string peer;
    std::unique_ptr<TlsSession> tls;  // null: plain
    Limits limits;
  };
  // Times are boot time: a step of the wall clock ends no connection.
  Connection(Fd socket, Options options, int64_t now_us);

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Moves what can be moved now, a bounded stretch in.
  void pump(int64_t now_us);
  // The poller says that the peer is gone: what it sent before is still read, then it is over.
  void hang_up() { gone_ = true; }
  // The next frame, if none is being answered. The caller calls answered() for each.
  std::optional<Frame> take_frame();
  // Nothing to say is an empty text.
  void answered(std::string bytes, int64_t now_us);
  // No more is read; what is being answered is answered. What nobody took custody of is dropped.
  void stop_reading();
  // Gives a peer up that is too slow or silent too long. True if it did.
  bool sweep(int64_t now_us);

  bool has_frame() const { return !busy_ && !frames_.empty(); }
  bool busy() const { return busy_; }
  bool finished() const { return ended_ && !busy_ && frames_.empty() && (broken_ || out_.empty()); }
  // What the poller is to wake for: EPOLLIN, EPOLLOUT, or nothing.
  uint32_t interest() const;
  int fd() const { return socket_.get(); }
  size_t listener() const { return options_.listener; }
  const std::string& peer() const { return options_.peer; }
  uint64_t junk_bytes() const { return decoder_.junk_bytes(); }
  uint32_t watched = 0;  // interest the poller knows of; the source's note

 private:
  bool reads() const { return !ended_ && !busy_ && frames_.empty() && out_.empty(); }
  bool read_some(int64_t now_us);  // false: nothing there
  void write_some(int64_t now_us);
  void take_bytes(std::string_view bytes, int64_t now_us);
  void end();

  Fd socket_;
  Options options_;
  FrameDecoder decoder_;
  std::deque<Frame> frames_;  // whole, not yet taken: of one chunk
  std::string out_;
  bool busy_ = false;
  bool ended_ = false;    // nothing more will be read
  bool broken_ = false;   // nothing can be written
  bool gone_ = false;     // nothing new will come
  int64_t last_us_;       // bytes last moved
  int64_t frame_us_ = 0;  // since when the open frame is waited for; 0: none is
};

}  // namespace switchboard::mllp
