// Why new work is not taken now; CODE_OK: it is.
#pragma once

#include <string>

#include "switchboard/v1/session.pb.h"

namespace switchboard::server {

struct Door {
  v1::Code publishes = v1::CODE_OK;
  v1::Code acts = v1::CODE_OK;
  std::string text;
};

}  // namespace switchboard::server
