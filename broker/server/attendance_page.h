// The safety net of an emergency department: each attendance of a child that the team was told of,
// who reviewed it and with what outcome, and whether the list agrees with what the feeds counted.
//
// A review is the ladder's own: actioned or finished by a person of the team. Late is what has not
// been reviewed by the time at which it was to be picked up, whoever has it. What may not be shown
// to the team is listed all the same, without content: nothing may be missing. Bounded in items,
// bytes and looks (P11). Thread: the reader.
#pragma once

#include "broker/server/pages.h"

namespace switchboard::server {

// CODE_NOT_FOUND: no such team, or it is nobody's safety net.
Result<v1::Page> attendance_page(const View& view, const v1::ReadAttendances& wanted);

// What counts here: an attendance of somebody under 18, or of unknown age, in the team's agency.
bool is_attendance(const v1::EventRecord& event, const v1::Team& team);

}  // namespace switchboard::server
