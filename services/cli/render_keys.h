// Keys and their last days as people read them: lines of `status`, the table of `key ls`. Pure.
#pragma once

#include <string>

#include "broker/base/time.h"
#include "services/cli/table.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::cli {

// A line for a key whose last day is near or past, and what to do.
std::string expiring_line(const v1::ExpiringKey& key, Time now);
Table keys_table(const v1::Directory& directory, Time now);

}  // namespace switchboard::cli
