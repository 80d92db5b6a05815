#include "adapters/mllp/capture.h"

#include <algorithm>

namespace switchboard::mllp {
namespace {

constexpr char kBegin = 0x0b;

bool is_batch_line(std::string_view line) {
  const auto name = line.substr(0, 3);
  return name == "FHS" || name == "BHS" || name == "BTS" || name == "FTS";
}

void append_line(Capture& out, std::string_view line) {
  if (line.empty() || is_batch_line(line)) return;
  if (line.starts_with("MSH")) out.messages.push_back({});
  if (out.messages.empty()) {
    ++out.stray_lines;
    return;
  }
  out.messages.back().bytes.append(line).push_back('\r');
}

Capture read_lines(std::string_view bytes) {
  Capture out;
  while (!bytes.empty()) {
    const size_t end = bytes.find_first_of("\r\n");
    append_line(out, bytes.substr(0, end));
    bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
  }
  for (Frame& frame : out.messages) frame.seen_bytes = frame.bytes.size();
  return out;
}

}  // namespace

Capture read_capture(std::string_view bytes) {
  if (bytes.find(kBegin) == bytes.npos) return read_lines(bytes);
  Capture out{.framed = true};
  FrameDecoder decoder;
  out.messages = decoder.feed(bytes);
  for (Frame& frame : decoder.close()) out.messages.push_back(std::move(frame));
  out.stray_lines = decoder.junk_bytes() > 0 ? 1 : 0;
  return out;
}

}  // namespace switchboard::mllp
