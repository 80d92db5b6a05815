#include "broker/base/ids.h"

#include <cstring>

#include "broker/base/bytes.h"

namespace switchboard {

std::optional<Id> id_from_bytes(std::string_view bytes) {
  Id id;
  if (bytes.size() != id.bytes.size()) return std::nullopt;
  std::memcpy(id.bytes.data(), bytes.data(), bytes.size());
  return id;
}

std::string to_string(const Id& id) {
  std::string hex = to_hex(id.view());
  for (const size_t at : {8u, 13u, 18u, 23u}) hex.insert(at, 1, '-');
  return hex;
}

std::optional<Id> id_from_string(std::string_view text) {
  std::string hex;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash_place = text.size() == 36 && (i == 8 || i == 13 || i == 18 || i == 23);
    if (dash_place && text[i] == '-') continue;
    hex.push_back(text[i]);
  }
  const auto bytes = from_hex(hex);
  if (!bytes) return std::nullopt;
  return id_from_bytes(*bytes);
}

Id make_id(Time time, const Hash& hash) {
  Id id;
  const auto ms = static_cast<uint64_t>(time.us / 1000);
  for (size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<uint8_t>(ms >> (40 - 8 * i));
  std::memcpy(id.bytes.data() + 6, hash.data(), 10);
  id.bytes[6] = static_cast<uint8_t>((id.bytes[6] & 0x0f) | 0x80);  // version 8
  id.bytes[8] = static_cast<uint8_t>((id.bytes[8] & 0x3f) | 0x80);  // RFC variant
  return id;
}

Time time_of(const Id& id) {
  int64_t ms = 0;
  for (size_t i = 0; i < 6; ++i) ms = ms << 8 | id.bytes[i];
  return Time{ms * 1000};
}

Id derive_event_id(const SourceMessage& m) {
  const Hash h = Hasher()
                     .add("switchboard event id 1")
                     .add(m.agency)
                     .add(m.system)
                     .add(m.message_id)
                     .add(m.part)
                     .add(m.bytes)
                     .finish();
  return make_id(m.time, h);
}

}  // namespace switchboard
