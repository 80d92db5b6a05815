// Directory changes as commands: checked whole, applied whole or not at all, versioned by position
// and audited row by row. Thread: the loop.
#pragma once

#include <string>
#include <vector>

#include "broker/core/turn.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::core {

// What would change and what is wrong. Rows equal to those in force are left alone. With problems
// or as a dry run nothing is written.
v1::Applied apply_directory(Turn& turn, const v1::PrincipalRow& who, const std::string& person,
                            const v1::Apply& apply);

}  // namespace switchboard::core
