// A message about several people or orders, as one message for each: before anything is decided, so
// that no event ever holds two people.
//
// Thread: any. Fails: Problem, for more parts than one message may make, and for a second person
// where the trigger has one: then nobody can say whose a segment is.
#pragma once

#include <variant>
#include <vector>

#include "adapters/mllp/hl7_message.h"

namespace switchboard::mllp {

inline constexpr size_t kPartsMax = 64;

// The segments of each part, by their index in the message; one part with all of them if there is
// nothing to split.
using Parts = std::vector<std::vector<size_t>>;
std::variant<Parts, Problem> split(const Message& message, std::string_view type,
                                   std::string_view trigger);

}  // namespace switchboard::mllp
