// What the publishers of the kill loop publish: a function of agency and sequence, so that the
// judge needs no word from anybody to know each event's bytes.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/hub_events.h"

namespace switchboard::test {

inline v1::Item workload_item(const std::string& agency, uint64_t sequence) {
  EventSpec spec;
  spec.agency = agency;
  spec.message_id = agency + "-" + std::to_string(sequence);
  spec.urgency = sequence % 17 == 0 ? v1::URGENCY_IMMEDIATE : v1::URGENCY_ROUTINE;
  spec.padding = sequence * 37 % 900 + (sequence % 50 == 0 ? 40'000 : 0);
  return item_of(spec);
}

// The sequence in a message id of this agency; nothing if it is not one of ours.
inline std::optional<uint64_t> workload_sequence(std::string_view agency,
                                                 std::string_view message_id) {
  const size_t prefix = agency.size() + 1;
  if (message_id.size() <= prefix || !message_id.starts_with(agency)) return std::nullopt;
  uint64_t sequence = 0;
  const char* end = message_id.data() + message_id.size();
  const auto read = std::from_chars(message_id.data() + prefix, end, sequence);
  if (read.ptr != end || sequence == 0) return std::nullopt;
  return sequence;
}

}  // namespace switchboard::test
