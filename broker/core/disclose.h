// What may be shown of an event to a team, decided each time it is sent (P9).
//
// Pure: full | summary | pointer | withheld(reason) from the matrix in force now, under the ceiling
// set at acceptance. The sender's own agency sees its own event in full. Thread: any.
#pragma once

#include <string>
#include <vector>

#include "broker/core/directory.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

struct Disclosed {
  v1::Disclosure level = v1::DISCLOSURE_SUMMARY;
  std::string reason;
};
Disclosed disclose(const Directory& directory, const v1::EventRecord& event,
                   const v1::Recipient& recipient);
// The sections of this event that a level shows. The source is in none of them; nor, where the
// sender says that the address is protected, is the location, whatever was published and to
// whomever.
const std::vector<v1::SectionKind>& sections_of(v1::Disclosure level, const v1::EventRecord& event);

}  // namespace switchboard::core
