// What is wrong with rows of the directory, before any of them is written.
//
// Pure. Each problem is one line that names the row and what to do; no problem repeats an
// identifier of a child. Thread: any. Fails: never; no problems means that the rows may be applied.
#pragma once

#include <string>
#include <vector>

#include "broker/core/directory.h"

namespace switchboard::core {

std::vector<std::string> row_problems(const Directory& in_force, const v1::Directory& wanted,
                                      Time now);

}  // namespace switchboard::core
