// How many deliveries of each team wait for a person, and how many of those are late: exact, and
// told without a look at the log.
//
// Owns the count of each team, in memory and in its row (store/open_rows.h), and the floor under
// which nothing is open. Rows that a hub of an earlier version left behind are counted anew at
// open. Not here: what moves a delivery (ladder.h). Thread: the loop.
#pragma once

#include <map>
#include <set>

#include "broker/core/directory.h"
#include "broker/store/entry.h"
#include "broker/store/open_rows.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

// What one delivery adds to the count of its team.
struct Waits {
  bool open = false;
  bool overdue = false;
};
// `asked`: at acceptance. Null: nobody has done anything about it.
Waits waits(v1::Attention asked, const v1::DeliveryRecord* record);

class OpenCounts {
 public:
  // `epoch`: of the last commit.
  Status load(const kv::Reads& reads, const Directory& directory, uint64_t epoch);
  void begin_epoch(store::Journal& journal, uint64_t epoch);
  void delivered(store::TeamHandle team, uint64_t number, v1::Attention asked);
  void moved(store::Journal& journal, store::TeamHandle team, uint64_t number, Waits before,
             Waits after);
  // Those that changed, as the last thing of a turn.
  void write(store::Journal& journal);

 private:
  void count(const kv::Reads& reads, store::TeamHandle team);
  void add(store::TeamHandle team, uint64_t number, Waits waits);
  void raise_first(const kv::Reads& reads, store::TeamHandle team);

  std::map<store::TeamHandle, store::OpenCount> counts_;
  std::set<store::TeamHandle> changed_;
};

}  // namespace switchboard::core
