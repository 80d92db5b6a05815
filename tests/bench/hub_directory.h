// The directory of a hub that is to be measured: teams with one area route each, one publisher, one
// endpoint for all teams, and a policy of one row. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "switchboard/v1/admin.pb.h"

namespace switchboard::bench {

struct HubDirectory {
  int64_t teams = 1;
  v1::Attention attention = v1::ATTENTION_FILE;
  std::string publisher_key;
  std::string endpoint_key;
};

v1::Directory make_directory(const HubDirectory& wanted);

}  // namespace switchboard::bench
