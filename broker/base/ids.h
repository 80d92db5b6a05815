// Ids: 16 bytes, UUIDv8 (RFC 9562 §5.8) with the message time in milliseconds in the first 48 bits.
// Derived ids hash the source message with its bytes, so an honest resend is the same event and a
// reused control id is a new one (P2).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broker/base/hash.h"
#include "broker/base/time.h"

namespace switchboard {

struct Id {
  std::array<uint8_t, 16> bytes{};
  auto operator<=>(const Id&) const = default;
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  bool empty() const { return *this == Id{}; }
};

// Nothing unless there are 16 bytes.
std::optional<Id> id_from_bytes(std::string_view bytes);
// "019abc…-…": the usual hexadecimal groups.
std::string to_string(const Id& id);
std::optional<Id> id_from_string(std::string_view text);

// `time` and the hash's first bytes, with version 8 and variant bits set.
Id make_id(Time time, const Hash& hash);
// The time it begins with, to the millisecond; 0 = not known.
Time time_of(const Id& id);

struct SourceMessage {
  std::string_view agency;
  std::string_view system;
  std::string_view message_id;  // e.g. MSH-10
  std::string_view bytes;       // as received
  std::string_view part = {};   // which event of a message that holds several
  Time time = {};               // of the message, by its own account
};
Id derive_event_id(const SourceMessage& message);

}  // namespace switchboard
