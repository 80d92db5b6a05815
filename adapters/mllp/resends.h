// How often the same bytes came in a row of refusals: when a sender that cannot go on is let go on.
//
// Owns: for each listener the newest kKept hashes of refused bytes and how often each came, in
// memory: after a restart it counts anew, which only means more refusals first. Thread: one.
// Fails: never.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <string_view>
#include <vector>

#include "broker/base/hash.h"

namespace switchboard::mllp {

class Resends {
 public:
  static constexpr size_t kKept = 256;  // of one listener

  explicit Resends(size_t listeners) : per_listener_(listeners) {}
  // How often these refused bytes came to this listener, this time included.
  uint32_t count(size_t listener, std::string_view bytes);
  // … so far.
  uint32_t times(size_t listener, std::string_view bytes) const;

 private:
  struct Refused {
    Hash bytes;
    uint32_t times = 0;
  };
  struct PerListener {
    std::list<Refused> newest_first;
    std::map<Hash, std::list<Refused>::iterator> at;
  };
  std::vector<PerListener> per_listener_;
};

}  // namespace switchboard::mllp
