// One child, as one team knows it: all that it was told of the child, what became of each of these
// deliveries in this team, step by step, the teams that are involved with their numbers, and open
// plans. Steps count towards the bytes of a page (P11).
//
// Found from a delivery of the team's own, so no identifier is asked for (P9). An entry that is not
// shown to the team at least in summary is left out: a pointer does not say whose it is. Thread:
// the reader.
#pragma once

#include "broker/server/pages.h"

namespace switchboard::server {

// CODE_NOT_FOUND: no such team or delivery, or the team may not see whom it is about.
Result<v1::Page> child_page(const View& view, const v1::ReadChild& wanted);

}  // namespace switchboard::server
