// Policies by version: the clocks of a delivery run by the one it was told under (P8), whatever
// policy says later.
//
// Owns: the few versions asked for lately. The one in force is the directory's. Thread: the loop.
#pragma once

#include <cstdint>
#include <map>

#include "broker/core/directory.h"
#include "broker/store/journal.h"

namespace switchboard::core {

class Policies {
 public:
  // An empty policy where there was none at that version. Good until the next call.
  const v1::Policy& at(store::Journal& journal, const Directory& directory, uint64_t version);

 private:
  std::map<uint64_t, v1::Policy> earlier_;
};

}  // namespace switchboard::core
