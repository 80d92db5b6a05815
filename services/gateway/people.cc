#include "services/gateway/people.h"

#include <algorithm>

namespace switchboard::gateway {

bool Person::of(std::string_view team) const {
  return std::find(teams.begin(), teams.end(), team) != teams.end();
}

void People::put(v1::TeamView view) {
  std::string team = view.team();
  teams_.insert_or_assign(std::move(team), std::move(view));
}

std::optional<Person> People::find(std::string_view id) const {
  std::optional<Person> found;
  if (id.empty()) return found;
  for (const auto& [team, view] : teams_) {
    for (const v1::TeamPerson& row : view.people()) {
      if (row.id() != id) continue;
      // Views are renewed one by one: the first that says so counts for all.
      if (row.disabled()) return std::nullopt;
      if (!found) found = Person{.id = row.id(), .name = row.name(), .role = row.role()};
      found->teams.push_back(team);
    }
  }
  return found;
}

const v1::TeamView* People::team(std::string_view id) const {
  const auto at = teams_.find(id);
  return at == teams_.end() ? nullptr : &at->second;
}

bool People::complete(const std::vector<std::string>& teams) const {
  return std::all_of(teams.begin(), teams.end(),
                     [&](const std::string& id) { return teams_.contains(id); });
}

}  // namespace switchboard::gateway
