#include "broker/core/stale_list.h"

#include "broker/base/london.h"
#include "broker/core/members.h"

namespace switchboard::core {
namespace {

constexpr uint32_t kStaleDays = 35;  // if policy does not say

}  // namespace

ListAge age_of_list(const v1::Policy& policy, const v1::MembersRecord& record, Time now) {
  const auto as_of = day_from_string(record.as_of());
  if (!as_of) return {};
  const uint32_t days =
      policy.stale_caseload_days() == 0 ? kStaleDays : policy.stale_caseload_days();
  ListAge age;
  age.as_of_us = london_midnight(*as_of).us;
  age.stale_from_us = london_midnight(*as_of + static_cast<int32_t>(days) + 1).us;
  age.stale = now.us >= age.stale_from_us;
  if (!age.stale) return age;
  age.words = "as of " + record.as_of() + ", " +
              std::to_string(london_day(now).number - as_of->number) +
              " days ago: who came since is not told of; send a new list";
  return age;
}

Result<std::vector<ListRow>> all_lists(const store::Reads& reads, const Directory& directory,
                                       Time now) {
  std::vector<ListRow> rows;
  TRY(const auto lists, store::read_lists(reads));
  for (const auto& list : lists) {
    const v1::Team* team = directory.team(list.id.team);
    if (team == nullptr) continue;
    rows.push_back({team->id(), list.id.list, list.record.count(), list.record.as_of(),
                    age_of_list(directory.policy().row, list.record, now)});
  }
  return rows;
}

Result<std::vector<ListRow>> stale_lists(const store::Reads& reads, const Directory& directory,
                                         Time now) {
  TRY(auto rows, all_lists(reads, directory, now));
  std::erase_if(rows, [](const auto& row) { return !row.age.stale; });
  return rows;
}

v1::WatchRow to_watch_row(const ListRow& row) {
  v1::WatchRow out;
  out.set_what(std::string(list_name(row.list)));
  out.set_team(row.team);
  out.set_alarm(row.age.stale);
  out.set_last_us(row.age.as_of_us);
  out.set_expected_us(row.age.stale_from_us);
  out.set_why(row.age.stale ? row.age.words : "");
  return out;
}

}  // namespace switchboard::core
