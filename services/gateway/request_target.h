// A request's target "/api/x?all=1" apart, percent-decoded exactly once.
//
// Pure. Refused with CODE_MALFORMED: what is no path, half an escape, control characters, bytes
// that are not UTF-8, and an escaped '/' in the path (it would be another path after decoding).
// The text of a refusal never quotes the target. Thread: any.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "broker/base/result.h"

namespace switchboard::gateway {

struct RequestTarget {
  std::string path;                          // begins with '/'
  std::map<std::string, std::string> query;  // the first of a name counts
};
Result<RequestTarget> parse_target(std::string_view target);

}  // namespace switchboard::gateway
