// Lists whose date of truth is too long ago: shown to the team, and an alarm.
//
// A list that is kept child by child has no such date and is never stale. Pure. Thread: any.
#pragma once

#include <string>
#include <vector>

#include "broker/core/directory.h"
#include "broker/store/member_rows.h"

namespace switchboard::core {

struct ListAge {
  bool stale = false;
  int64_t as_of_us = 0;  // 0: kept child by child
  int64_t stale_from_us = 0;
  std::string words;  // what to do about it, if it is stale
};
ListAge age_of_list(const v1::Policy& policy, const v1::MembersRecord& record, Time now);

struct ListRow {
  std::string team;
  v1::MemberList list = v1::MEMBER_LIST_UNSPECIFIED;
  uint64_t count = 0;
  std::string as_of;
  ListAge age;
};
// Every list of every team, by team.
Result<std::vector<ListRow>> all_lists(const store::Reads& reads, const Directory& directory,
                                       Time now);
// Those of them that are stale.
Result<std::vector<ListRow>> stale_lists(const store::Reads& reads, const Directory& directory,
                                         Time now);
// For a watch of operators: what, whether it is an alarm, since when, why.
v1::WatchRow to_watch_row(const ListRow& row);

}  // namespace switchboard::core
