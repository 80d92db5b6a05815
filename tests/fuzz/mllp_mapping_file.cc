// Any text as a mapping file: a mapping, or errors that say something.
#include <cstdint>

#include "adapters/mllp/mapping_file.h"
#include "broker/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto parsed = switchboard::mllp::parse_mapping(text, "m.toml");
  CHECK(parsed.ok() || !parsed.error().text.empty());
  return 0;
}
