// What the publishers of the fault tests publish: a function of source and sequence, so that the
// judge needs no word from anybody to know each event.
//
// Several invented children, told of by every source; now and then a correction of an earlier event
// of the same source. kFeedAgency speaks HL7 through the adapter, all others by the SDK. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "switchboard/v1/session.pb.h"

namespace switchboard::test {

inline constexpr char kFeedAgency[] = "X26";
inline constexpr uint64_t kChildren = 8;

// The child that this event is about: 0 .. kChildren - 1.
uint64_t workload_child(std::string_view agency, uint64_t sequence);
// The sequence of the event that this one takes back; nothing: it takes none back.
std::optional<uint64_t> workload_corrects(uint64_t sequence);

// Of an agency that publishes by the SDK.
v1::Item workload_item(const std::string& agency, uint64_t sequence);
// Of the agency that publishes by HL7.
std::string workload_message(uint64_t sequence);

// What a team was shown is what was published, byte for byte; of the feed, which the adapter puts
// into words: every value that it was given.
bool as_published(const v1::Entry& entry, const v1::EventHeader& header, uint64_t sequence);

// The sequence in a message id of this agency; nothing if it is not one of ours.
std::optional<uint64_t> workload_sequence(std::string_view agency, std::string_view message_id);

}  // namespace switchboard::test
