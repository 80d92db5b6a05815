#include "adapters/mllp/mllp_frame.h"

#include <algorithm>
#include <array>

namespace switchboard::mllp {
namespace {
constexpr char kStart = '\x0b';
constexpr std::string_view kEnd = "\x1c\x0d";
// A start byte inside a frame is data (pasted text holds vertical tabs) unless a message header
// (or that of a batch) follows: then the sender gave up on the first message, and the two must
// never be read as one.
constexpr std::array<std::string_view, 3> kRestarts{"\x0bMSH", "\013BHS", "\013FHS"};
constexpr size_t kRestartBytes = 4;

size_t find_restart(std::string_view window) {
  size_t at = window.npos;
  for (const auto restart : kRestarts) at = std::min(at, window.find(restart));
  return at;
}
}  // namespace

std::vector<Frame> FrameDecoder::feed(std::string_view bytes) {
  std::vector<Frame> out;
  while (!bytes.empty()) {
    if (!in_frame_) {
      bytes.remove_prefix(skip_to_start(bytes));
      continue;
    }
    const size_t cr = bytes.find('\r');
    const auto chunk = bytes.substr(0, cr == bytes.npos ? cr : cr + 1);
    take(chunk, out);
    bytes.remove_prefix(chunk.size());
  }
  return out;
}

std::vector<Frame> FrameDecoder::close() {
  std::vector<Frame> out;
  if (in_frame_) finish(Frame::Kind::kTruncated, seen_, out);
  return out;
}

size_t FrameDecoder::skip_to_start(std::string_view bytes) {
  const size_t start = bytes.find(kStart);
  if (start == bytes.npos) {
    junk_bytes_ += bytes.size();
    return bytes.size();
  }
  junk_bytes_ += start;
  in_frame_ = true;
  return start + 1;
}

// `chunk` holds at most one carriage return, as its last byte.
void FrameDecoder::take(std::string_view chunk, std::vector<Frame>& out) {
  if (window_.size() > kRestartBytes) window_.erase(0, window_.size() - kRestartBytes);
  // A restart found before is gone from the window, so it is never found twice.
  window_ += chunk;
  seen_ += chunk.size();
  const size_t room = bytes_max_ + kEnd.size() - std::min(head_.size(), bytes_max_ + kEnd.size());
  head_ += chunk.substr(0, room);
  for (size_t at; (at = find_restart(window_)) != std::string::npos;) restart(at, out);
  if (window_.ends_with(kEnd)) finish(Frame::Kind::kMessage, seen_ - kEnd.size(), out);
}

// What stands before window_[at] is a message cut short; what follows its start byte is the next.
void FrameDecoder::restart(size_t at, std::vector<Frame>& out) {
  std::string rest = window_.substr(at + 1);
  finish(Frame::Kind::kTruncated, seen_ - rest.size() - 1, out);
  in_frame_ = true;
  seen_ = rest.size();
  head_ = rest.substr(0, bytes_max_ + kEnd.size());
  window_ = std::move(rest);
}

void FrameDecoder::finish(Frame::Kind kind, uint64_t length, std::vector<Frame>& out) {
  if (length > bytes_max_) kind = Frame::Kind::kOversize;
  head_.resize(std::min<uint64_t>({length, bytes_max_, head_.size()}));
  out.push_back({.kind = kind, .bytes = std::move(head_), .seen_bytes = length});
  head_.clear();
  window_.clear();
  seen_ = 0;
  in_frame_ = false;
}

std::string encode_frame(std::string_view message) {
  std::string out;
  out.reserve(message.size() + 3);
  out += kStart;
  out += message;
  out += kEnd;
  return out;
}

}  // namespace switchboard::mllp
