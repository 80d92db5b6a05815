// Prefixes of a UK postcode, as a table of areas names them: "XA" (area), "XA1" (district), "XA1 2"
// (sector), "XA1 2BC".
//
// The space is part of it: "XA1 2BC" lies in district XA1, not in XA12. Pure. Thread: any. Fails:
// what is no postcode has no prefixes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

// Of a postcode as people write it, in any case, with or without the space; the longest first.
std::vector<std::string> postcode_prefixes(std::string_view text);

// Is it written as the table must name it?
bool is_postcode_prefix(std::string_view text);

}  // namespace switchboard
