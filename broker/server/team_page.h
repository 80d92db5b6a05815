// What a team's own screen must know of the team: its people, who is on duty, the feeds it depends
// on, its lists, what policy lets it undo and has it asked when it sends. Names no child. Thread:
// the reader.
#pragma once

#include "broker/core/watch.h"
#include "broker/server/pages.h"

namespace switchboard::server {

// CODE_NOT_FOUND: no such team.
Result<v1::TeamView> team_view(const View& view, const core::Presence& presence,
                               const std::string& team);

}  // namespace switchboard::server
