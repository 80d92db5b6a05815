// A batch cut into its messages, and its answer: nothing is read twice, nothing is made up.
#include <cstdint>

#include "adapters/mllp/batch.h"
#include "broker/base/check.h"

using namespace switchboard;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view frame(reinterpret_cast<const char*>(bytes), size);
  const auto read = mllp::read_batch(frame);
  size_t grouped = 0;
  for (const auto& group : read.batch.groups) grouped += group.messages;
  if (read.too_many) return 0;
  CHECK(grouped == read.messages.size());
  const char* end = frame.data();
  for (const auto message : read.messages) {
    CHECK(message.data() >= end && message.starts_with("MSH"));
    end = message.data() + message.size();
  }
  CHECK(end <= frame.data() + frame.size());
  const std::vector<std::vector<std::string>> acks(read.messages.size(), {"MSH|a\r"});
  const auto reply = mllp::build_batch_reply(
      {.request = read.batch, .acks = acks, .control_id = "1", .now = Time{}});
  if (!mllp::is_batch(frame) || read.messages.empty()) return 0;
  const auto again = mllp::read_batch(reply);
  CHECK(again.messages.size() == read.messages.size());
  return 0;
}
