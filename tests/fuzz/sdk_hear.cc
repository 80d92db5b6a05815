// Any bytes as what a hub says to a client in a session: nothing it says makes the client's store
// fail, take back what was stored, or confirm what was never sent.
//
// The input is cut into frames by a length of two bytes before each.
#include <cstdint>

#include "broker/base/check.h"
#include "broker/kv/mem_kv.h"
#include "tests/support/sdk_client.h"

using namespace switchboard;

namespace {

constexpr size_t kFramesMax = 32;
constexpr size_t kAnswersMax = 64;

std::string_view take_frame(std::string_view& rest) {
  const size_t length =
      static_cast<size_t>(static_cast<uint8_t>(rest[0])) << 8 | static_cast<uint8_t>(rest[1]);
  const std::string_view frame = rest.substr(2, length);
  rest.remove_prefix(2 + frame.size());
  return frame;
}

void answer(test::SdkClient& client, Time now) {
  for (size_t i = 0; i < kAnswersMax; ++i) {
    const auto next = client.conversation.next(now);
    CHECK(next.ok());
    if (!*next) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  kv::MemKv kv;
  test::SdkClient client(kv);
  Time now{1'800'000'000'000'000};
  CHECK(client.publish("event", now).ok());
  client.conversation.connected(now);
  answer(client, now);
  for (size_t frames = 0; frames < kFramesMax && rest.size() >= 2; ++frames) {
    CHECK(client.conversation.hear(take_frame(rest), now).ok());
    CHECK(client.conversation.flush().ok());
    answer(client, now);
    CHECK(client.outbox->confirmed() <= 1);
    now = now + milliseconds(100);
  }
  return 0;
}
