// Publish frames: what is walked in place says exactly what protobuf says, on any bytes.
//
// A frame that the walk leaves alone is protobuf's in the hub too, so only what it takes is held
// against it.
#include <cstdint>
#include <string>

#include "broker/base/check.h"
#include "broker/server/publish_frame.h"

using switchboard::server::PublishFrame;

namespace {

void hold_against(const PublishFrame& walked, const switchboard::v1::Publish& parsed) {
  PublishFrame expected;
  expected.refer_to(parsed);
  CHECK(walked.outbox() == expected.outbox());
  CHECK(walked.first() == expected.first());
  CHECK(walked.items() == expected.items());
  for (size_t i = 0; i < walked.items(); ++i) {
    const auto item = walked.item(i);
    const auto wanted = expected.item(i);
    CHECK(item.header == wanted.header);
    CHECK(item.taken_us == wanted.taken_us);
    CHECK(item.sections.size() == wanted.sections.size());
    for (size_t s = 0; s < item.sections.size(); ++s) {
      CHECK(item.sections[s].kind == wanted.sections[s].kind);
      CHECK(item.sections[s].body == wanted.sections[s].body);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view frame(reinterpret_cast<const char*>(bytes), size);
  static PublishFrame walked;  // used again, as in the hub
  if (!walked.walk(frame)) return 0;
  switchboard::v1::ClientFrame parsed;
  CHECK(parsed.ParseFromArray(bytes, static_cast<int>(size)));
  CHECK(parsed.has_publish());
  hold_against(walked, parsed.publish());
  return 0;
}
