#include "broker/core/stand_in.h"

#include <algorithm>

namespace switchboard::core {

bool may_stand_in(const v1::Audience& audience, const v1::Team& team, const v1::Team* other) {
  const auto has = [&](const auto& list) {
    return std::find(list.begin(), list.end(), other->agency()) != list.end();
  };
  if (other == nullptr) return false;
  if (other->agency() == team.agency()) return true;
  if (has(audience.never_agencies())) return false;
  return audience.only_agencies().empty() || has(audience.only_agencies());
}

const v1::Team* next_team(const Directory& directory, const v1::Team& team,
                          const v1::Audience& audience) {
  const v1::Team* deputy = directory.team(team.deputy_team());
  if (!may_stand_in(audience, team, deputy)) deputy = directory.safety_net(team.agency());
  if (!may_stand_in(audience, team, deputy)) return nullptr;
  return deputy->id() == team.id() ? nullptr : deputy;
}

bool takes_new(const v1::Team& team) { return !team.closed() && team.reach() != v1::REACH_PHONE; }

}  // namespace switchboard::core
