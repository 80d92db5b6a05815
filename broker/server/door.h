// Why new work is not taken now; CODE_OK: it is. And whether anything at all can be written.
#pragma once

#include <string>

#include "switchboard/v1/session.pb.h"

namespace switchboard::server {

struct Door {
  v1::Code publishes = v1::CODE_OK;
  v1::Code acts = v1::CODE_OK;
  std::string text;
  bool writes = true;  // false: no receipt, loss or audit entry either; nothing may change
};

}  // namespace switchboard::server
