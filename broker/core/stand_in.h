// Who may be told in a team's place: what the sender, the environment and the directory allow.
//
// Pure lookups, shared by escalation, re-routing and hand-over, so that the sender's limits hold
// the same for all of them (P9). Thread: any.
#pragma once

#include "broker/core/directory.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

// The agencies that the sender left out stay left out, whoever stands in for whom. One that was
// told all the same, as it has what is corrected (P7), goes on within itself. False for null.
bool may_stand_in(const v1::Audience& audience, const v1::Team& team, const v1::Team* other);
// The next to be told when nobody picks up: the team's deputy, else the safety net of its agency.
const v1::Team* next_team(const Directory& directory, const v1::Team& team,
                          const v1::Audience& audience);
// Has an inbox on the hub and takes new work.
bool takes_new(const v1::Team& team);

}  // namespace switchboard::core
