// Any bytes as a frame of a client or of the hub: what is read is written and read as the same, and
// the walk in place takes only what protobuf takes.
#include <cstdint>

#include "broker/base/check.h"
#include "broker/server/publish_frame.h"
#include "switchboard/v1/admin.pb.h"
#include "switchboard/v1/session.pb.h"

using namespace switchboard;

namespace {

template <typename Frame>
bool read(const uint8_t* bytes, size_t size) {
  Frame frame, again;
  if (!frame.ParseFromArray(bytes, static_cast<int>(size))) return false;
  const std::string once = frame.SerializeAsString();
  CHECK(again.ParseFromString(once));
  CHECK(again.SerializeAsString() == once);
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const bool frame = read<v1::ClientFrame>(bytes, size);
  read<v1::HubFrame>(bytes, size);
  read<v1::AdminRequest>(bytes, size);
  read<v1::AdminReply>(bytes, size);
  static server::PublishFrame walked;
  if (walked.walk({reinterpret_cast<const char*>(bytes), size})) CHECK(frame);
  return 0;
}
