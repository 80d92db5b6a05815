// Any text as a file of settings, a directory, a connection file, and as --set: a message, or
// problems that say where. Its length says as which.
#include <cstdint>

#include "broker/base/check.h"
#include "broker/runtime/toml_message.h"
#include "switchboard/v1/admin.pb.h"
#include "switchboard/v1/config.pb.h"

using namespace switchboard;

namespace {

template <typename Message>
void read(std::string_view text) {
  Message message;
  const auto origins = toml_to_message(text, "f.toml", message);
  CHECK(origins.ok() || !origins.error().text.empty());
  Message again;
  // Not for texts that are not UTF-8: those must have been refused.
  if (origins.ok()) CHECK(again.ParseFromString(message.SerializeAsString()));
  TomlReading reading;
  read_override(text.substr(0, text.find('\n')), message, reading);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  switch (size % 5) {
    case 0:
      read<v1::BrokerConfig>(text);
      break;
    case 1:
      read<v1::MllpConfig>(text);
      break;
    case 2:
      read<v1::NudgeConfig>(text);
      break;
    case 3:
      read<v1::ConnectionFile>(text);
      break;
    default:
      read<v1::Directory>(text);
  }
  return 0;
}
