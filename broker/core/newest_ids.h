// The newest event id of each agency: one that is newer is new, without a look-up.
//
// Ids begin with the time of their message, so nearly every event of a feed is newer than the one
// before. What is not is looked up: the answer is the table's in any case (P2), and so are the
// bytes of a turn (P12). Owns: an id per agency of the directory. Thread: the loop.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "broker/base/ids.h"
#include "broker/base/result.h"
#include "broker/store/journal.h"

namespace switchboard::core {

class NewestIds {
 public:
  Status load(const kv::Reads& reads);
  // True: no event of the agency has this id. False says nothing.
  bool is_newer(const Id& id, std::string_view agency) const;
  void written(const Id& id, std::string_view agency);

 private:
  Id before_;  // the newest of all when the store was opened
  std::map<std::string, Id, std::less<>> since_;
};

}  // namespace switchboard::core
