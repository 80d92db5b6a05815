// A capture of a feed, cut into its messages: what an engine wrote to files, or what went over the
// wire.
//
// Framed bytes (MLLP) are taken as they are. Bare text, with CR, LF or CRLF at its line ends,
// begins a message at each MSH; its line ends become CR, as files have other ones than the feed.
// Headers and trailers of batches are left out. Thread: any. Fails: never; what stands before the
// first message is counted as stray.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/mllp/mllp_frame.h"

namespace switchboard::mllp {

struct Capture {
  std::vector<Frame> messages;
  size_t stray_lines = 0;  // outside any message
  bool framed = false;
};
Capture read_capture(std::string_view bytes);

}  // namespace switchboard::mllp
