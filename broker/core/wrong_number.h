// What somebody who rang learnt about a team's numbers.
//
// A number that turned out to be wrong makes the team's numbers stale on every page and sheet, from
// the next turn on, until somebody says that they were tried. Thread: the loop.
#pragma once

#include <string>

#include "broker/core/turn.h"

namespace switchboard::core {

// Writes the team's row anew without the day of its last trial, audited. Nothing is written if they
// are stale already for want of one. `who` and `person` rang.
void number_was_wrong(Turn& turn, const v1::Team& team, const v1::PrincipalRow& who,
                      const std::string& person);

// Does the change say nothing but that numbers of teams were tried? An operator may say that.
bool only_verifies(const Directory& in_force, const v1::Directory& wanted);

}  // namespace switchboard::core
