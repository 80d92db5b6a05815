// The newest message id of each source: one that is newer was never used, without a look-up.
//
// Most sources count their messages up. An id is newer if it is longer, or as long and sorts after;
// whatever is not newer is looked up, so that the answer is the table's in any case (P2). A source
// whose name or ids are too long is always looked up, and so are those that come when there are too
// many (P11). Owns: an id per source. Fails: as reads do. Thread: the loop.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "broker/store/source_rows.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

class NewestSources {
 public:
  // What was kept up to the position that the index is complete through; later events are told by
  // accepted().
  Status load(const store::Journal& journal);
  // True: no event of this source has the id. False says nothing.
  bool is_newer(const v1::EventRecord& event) const;
  void accepted(const v1::EventRecord& event);
  void write(store::Journal& journal) const;

 private:
  using Source = std::pair<std::string, std::string>;
  struct Before {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const {
      const int order = std::string_view(a.first).compare(b.first);
      return order != 0 ? order < 0 : a.second < b.second;
    }
  };
  // Whoever is here is here since its first event.
  std::map<Source, std::string, Before> newest_;
  bool complete_ = true;  // false: ids of a store whose older ones nobody kept
};

}  // namespace switchboard::core
