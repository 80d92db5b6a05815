// How values read in tables and sentences: times, spans, ids, enum names, sizes. Pure, but for the
// time zone of the machine (TZ). Texts of others pass plain() before they reach a terminal: a
// control character in a hub's or publisher's text must not drive it.
#pragma once

#include <google/protobuf/generated_enum_reflection.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broker/base/ids.h"
#include "broker/base/time.h"
#include "broker/runtime/toml_message.h"

namespace switchboard::cli {

// One line without control characters.
std::string plain(std::string_view text);
// "2026-11-22 06:52:04Z" in the machine's zone; "" for 0.
std::string at(int64_t us);
// "06:52:04.123Z": for steps that lie close together.
std::string clock_time(int64_t us);
// "850 ms", "12 s", "4 min", "3 h 05 min", "8 days".
std::string span(Duration d);
// "in 12 min", "4 min ago", "" for 0.
std::string from_now(int64_t us, Time now);
// "12.3 MiB"
std::string size(uint64_t bytes);
// "1 event", "2 events"
std::string count(uint64_t n, std::string_view singular, std::string_view plural);
// "019abc…-…" of 16 bytes; "" for anything else.
std::string event_id(std::string_view bytes);
// Takes an id as tables show it (UUID), as JSON shows it (base64), or as hex.
std::optional<Id> read_event_id(std::string_view text);
// "acknowledged" -> "picked up": what screens call a state (DESIGN §3).
std::string state_words(int state);

// "no longer ours"; "" when unspecified.
std::string not_ours_words(int why);

// "act" of ATTENTION_ACT; "" when unspecified; the number where this build has no name for it.
template <typename E>
std::string name_of(E value) {
  const auto* found =
      google::protobuf::GetEnumDescriptor<E>()->FindValueByNumber(static_cast<int>(value));
  if (found == nullptr) return std::to_string(static_cast<int>(value));
  std::string name = enum_short_name(*found);
  return name == "unspecified" ? std::string() : name;
}

}  // namespace switchboard::cli
