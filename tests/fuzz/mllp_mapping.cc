// Any bytes through the example mapping: an outcome that keeps to the limits of an event.
#include <cstdint>

#include "adapters/mllp/charset.h"
#include "adapters/mllp/explain.h"
#include "adapters/mllp/mapping_file.h"
#include "broker/base/check.h"
#include "broker/base/limits.h"

namespace {

using namespace switchboard;
using namespace switchboard::mllp;

void check_event(const v1::Event& event) {
  std::string bytes;
  CHECK(event.SerializeToString(&bytes));  // refuses text that is not UTF-8 in debug builds
  CHECK(bytes.size() <= limits::kEventBytesMax);
  CHECK(event.header().event_id().size() == 16);
  CHECK(event.header().threads_size() <= static_cast<int>(limits::kThreadsMax));
  CHECK(is_utf8(event.summary().text()) && is_utf8(event.identity().name().family()));
}

Mapping example() {
  return load_mapping(SWITCHBOARD_SOURCE_DIR "/deploy/config/mapping-example.toml").value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const Mapping mapping = example();
  const std::string_view raw(reinterpret_cast<const char*>(bytes), size);
  const ListenerIdentity listener{.agency = "XA1", .system = "EPR"};
  const Outcome outcome = map_message(raw, mapping, listener, Time{1}, nullptr);
  if (const auto* mapped = std::get_if<Mapped>(&outcome)) check_event(mapped->event);
  if (const auto* held = std::get_if<Unreadable>(&outcome)) check_event(held->event);
  CHECK(is_utf8(explain(raw, mapping, listener, Time{1}, ShowIdentity::kShown)));
  return 0;
}
