// What is wrong with a policy before it is applied, in words. Pure. Thread: any.
#pragma once

#include <string>
#include <vector>

#include "switchboard/v1/admin.pb.h"

namespace switchboard::core {

std::vector<std::string> policy_problems(const v1::Policy& policy);

}  // namespace switchboard::core
