// An enquiry: for a time and for a reason a team is told of one child (a MASH's strategy).
//
// While it runs the team is told of new events as *see*, and at its start of what there is. It ends
// by itself, by a due row; what was told stays told. The reason and who opened it are in the audit
// entry. Thread: the loop.
#pragma once

#include <string>

#include "broker/core/members.h"

namespace switchboard::core {

// What keeps it from being opened, and what to do; nothing: it may be.
std::string enquiry_problem(Turn& turn, const MembersCommand& command);
// For the audit entry: until when, and why.
std::string enquiry_words(const v1::MembersChange& change);
// `position` of the entry. One that runs already runs until the new time instead.
void open_enquiry(Turn& turn, const MembersCommand& command, const std::string& hash,
                  uint64_t position);
void close_enquiry(Turn& turn, store::TeamHandle team, const std::string& hash);
// Its time is over.
void ring_enquiry(Turn& turn, const store::Due& due);

}  // namespace switchboard::core
