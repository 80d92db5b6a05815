// A table of postcode prefixes as CSV: "prefix,area" a line, e.g. "XA1,E06009901" or "XA1 2,…".
//
// A heading line, blank lines, quotes and spaces around are allowed. Pure. Fails: CODE_INVALID with
// every problem by its line, at most so many; nothing is taken of a file with problems.
#pragma once

#include <string_view>

#include "broker/base/result.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::cli {

Result<v1::PostcodeTable> read_postcode_file(std::string_view text, std::string_view edition);

// The area of a postcode by the longest prefix; empty if none is known. `prefix`: by which.
std::string area_in(const v1::PostcodeTable& table, std::string_view postcode, std::string& prefix);

}  // namespace switchboard::cli
