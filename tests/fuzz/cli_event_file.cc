// Any text as an event that a person wrote: an item that protobuf reads back, or what is wrong.
#include <cstdint>

#include "broker/base/check.h"
#include "services/cli/event_file.h"

using namespace switchboard;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto event = cli::read_event(text, "e.toml");
  if (!event.ok()) {
    CHECK(!event.error().text.empty());
    return 0;
  }
  const cli::EventDefaults defaults{
      .now = {1}, .id = {}, .agency = "XA1", .system = "EPR", .environment = v1::ENVIRONMENT_TEST};
  if (!cli::complete_event(*event, defaults).ok()) return 0;
  cli::missing_fields(*event);
  const v1::Item item = cli::to_item(*event);
  v1::EventHeader header;
  CHECK(header.ParseFromString(item.header()));
  CHECK(!header.agency().empty() && header.event_id().size() == 16);
  return 0;
}
