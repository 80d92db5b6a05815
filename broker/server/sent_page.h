// "Sent by us": a team's own events, whom each was told to and what became of it, and the calls
// that are still to be made, overdue first.
//
// Pure reads of durable rows; bounded (P11). The first page has what is overdue, the longest first,
// however old; pages go on by position with the rest, newest first. Names no child. Thread: the
// reader.
#pragma once

#include "broker/server/pages.h"

namespace switchboard::server {

// CODE_NOT_FOUND: no such team.
Result<v1::Page> sent_page(const View& view, const v1::ReadSent& wanted);

}  // namespace switchboard::server
