// Who is on duty in a team at one moment: overrides first, then the week.
//
// Pure; the clock is Europe/London's. A shift may run into the next day. Where two slots cover the
// moment, the first of the rota stands. Thread: any.
#pragma once

#include <vector>

#include "broker/core/directory.h"

namespace switchboard::core {

// Null: no rota, nobody in it for this moment, or the person is no longer enrolled.
const v1::Person* on_duty(const Directory& directory, const v1::Team& team, Time at);

// Who is on duty when, from one moment to another, in order; nobody: no span.
std::vector<v1::DutySpan> duty_spans(const Directory& directory, const v1::Team& team, Time from,
                                     Time to);

}  // namespace switchboard::core
