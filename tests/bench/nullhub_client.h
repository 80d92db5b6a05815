// Drives a nullhub the way publisher.h and endpoint.h drive a hub.
#pragma once

#include "tests/bench/case.h"

namespace switchboard::bench {

void drive_nullhub(Case& the_case, const std::string& endpoint);

}  // namespace switchboard::bench
