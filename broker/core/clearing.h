// A sender says that it has dealt with a quarantined message of its own.
//
// P9: its own agency and system only; of any other it is told the same as of one that is not there.
// The message stays, with its bytes; it leaves the list of what waits for somebody and enters that
// of what was cleared, with who and why (P10). Thread: the loop.
#pragma once

#include "broker/core/publish.h"
#include "broker/core/turn.h"

namespace switchboard::core {

// Said again it is CODE_OK and changes nothing.
Answer clear_quarantined(Turn& turn, const v1::PrincipalRow& who,
                         const v1::ClearQuarantined& request);

// Which quarantined event a sender means by id or position: CODE_NOT_FOUND for what is not there,
// not quarantined, or not this sender's.
struct Sender {
  std::string_view agency;
  std::string_view system;
};
Result<uint64_t> own_quarantined(const store::Reads& reads, const Sender& sender,
                                 std::string_view event_id, uint64_t position);

}  // namespace switchboard::core
