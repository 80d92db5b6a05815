// Bytes cut into pieces of a size that the first byte names: the frames must not depend on it.
#include <cstdint>

#include "adapters/mllp/mllp_frame.h"
#include "broker/base/check.h"

using switchboard::mllp::Frame;
using switchboard::mllp::FrameDecoder;

namespace {

std::string read(std::string_view bytes, size_t piece) {
  FrameDecoder decoder(256);
  std::string frames;
  const auto add = [&](const std::vector<Frame>& list) {
    for (const Frame& f : list) {
      CHECK(f.bytes.size() <= 256);
      CHECK((f.kind == Frame::Kind::kOversize) == (f.seen_bytes > 256));
      frames += std::to_string(static_cast<int>(f.kind)) + ":" + std::to_string(f.seen_bytes) +
                ":" + f.bytes + "\n";
    }
  };
  for (size_t at = 0; at < bytes.size(); at += piece) add(decoder.feed(bytes.substr(at, piece)));
  add(decoder.close());
  return frames + std::to_string(decoder.junk_bytes());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size < 2) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  CHECK(read(stream, stream.size()) == read(stream, bytes[0] % 32 + 1u));
  return 0;
}
