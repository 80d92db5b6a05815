// MLLP framing: 0x0B, message, 0x1C 0x0D. Bytes in, whole frames out; bytes out for one message.
//
// Owns: the part of a frame that has come so far, at most `bytes_max` of it.
// Not here: what a message says (hl7_message.h), time-outs and sockets (the source).
// Thread: any, one at a time. Fails: never; what is no frame is counted or reported as such.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "broker/base/limits.h"

namespace switchboard::mllp {

struct Frame {
  enum class Kind {
    kMessage,
    kOversize,   // bytes holds the first bytes_max of it
    kTruncated,  // the peer closed, or began the next message, before the end
  };
  Kind kind = Kind::kMessage;
  std::string bytes;        // between 0x0B and 0x1C 0x0D
  uint64_t seen_bytes = 0;  // how long it was; more than bytes.size() only if oversize
};

class FrameDecoder {
 public:
  explicit FrameDecoder(size_t bytes_max = limits::kSourceBytesMax) : bytes_max_(bytes_max) {}

  // The frames that end in these bytes, in order.
  std::vector<Frame> feed(std::string_view bytes);
  // The peer closed: what was begun is reported as truncated (or oversize), once.
  std::vector<Frame> close();

  bool in_frame() const { return in_frame_; }
  uint64_t junk_bytes() const { return junk_bytes_; }  // outside any frame, ignored

 private:
  size_t skip_to_start(std::string_view bytes);
  void take(std::string_view chunk, std::vector<Frame>& out);
  void restart(size_t at, std::vector<Frame>& out);
  void finish(Frame::Kind kind, uint64_t length, std::vector<Frame>& out);

  const size_t bytes_max_;
  bool in_frame_ = false;
  std::string head_;    // the frame so far, cut at bytes_max_
  std::string window_;  // last bytes seen and the newest chunk: where ends are looked for
  uint64_t seen_ = 0;   // bytes since 0x0B, including an end not yet recognised
  uint64_t junk_bytes_ = 0;
};

std::string encode_frame(std::string_view message);

}  // namespace switchboard::mllp
