// Any bytes through every mapping of deploy/config: an outcome that keeps to the limits of an
// event.
#include <cstdint>
#include <vector>

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
  CHECK(is_utf8(event.header().source_message_id()) && is_utf8(event.header().trigger()));
}

Mapping load(const char* name) {
  return load_mapping(std::string(SWITCHBOARD_SOURCE_DIR "/deploy/config/mapping-") + name +
                      ".toml")
      .value();
}

// Of any sender, so that bytes get past MSH-3 and MSH-4.
std::vector<Mapping> mappings() {
  std::vector<Mapping> all;
  for (const char* name : {"example", "epic-shaped", "cerner-shaped", "systmone-shaped"}) {
    all.push_back(load(name));
    all.back().sending_applications.clear();
    all.back().sending_facilities.clear();
  }
  all.back().scope.kinds.clear();
  all.back().scope.adults = Adults::kAll;
  return all;
}

void check_outcome(const Outcome& outcome) {
  if (const auto* mapped = std::get_if<Mapped>(&outcome)) {
    CHECK(!mapped->events.empty());
    for (const MappedEvent& one : mapped->events) check_event(one.event);
  }
  if (const auto* held = std::get_if<Unreadable>(&outcome)) check_event(held->event);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const std::vector<Mapping> all = mappings();
  const std::string_view raw(reinterpret_cast<const char*>(bytes), size);
  const ListenerIdentity listener{.agency = "XA1", .system = "EPR"};
  for (const Mapping& mapping : all) {
    check_outcome(map_message(raw, mapping, listener, Time{1}, nullptr));
    CHECK(is_utf8(explain(raw, mapping, listener, Time{1}, ShowIdentity::kShown)));
  }
  check_event(unreadable(raw, {"cut", "short"}, all.front(), listener, Time{1}).event);
  return 0;
}
