// Says whether what a team holds is what its senders were promised, from the endpoint's own log.
//
// Independent of the hub: it knows the workload and reads what an endpoint stored, nothing else.
// Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "switchboard/v1/session.pb.h"

namespace switchboard::test {

struct Findings {
  uint64_t deliveries = 0;
  uint64_t lost = 0;        // published, not there; or a number without an entry
  uint64_t duplicated = 0;  // delivered under two numbers, or a number twice
  uint64_t reordered = 0;   // behind a later event of its source
  uint64_t altered = 0;     // other bytes than were published
  uint64_t invented = 0;    // nobody published it
  bool clean() const { return lost + duplicated + reordered + altered + invented == 0; }
  Findings& operator+=(const Findings& other);
};

// `published`: agency -> how many; their sequences are 1, 2, 3 … `log`: by ascending number.
Findings judge(const std::map<std::string, uint64_t>& published, const std::vector<v1::Entry>& log);

}  // namespace switchboard::test
