#include "broker/core/stand_in.h"

#include <algorithm>

namespace switchboard::core {

// The agencies that the sender left out stay left out, whoever stands in for whom. One that was
// told all the same, as it has what is corrected (P7), goes on within itself.
static bool may_stand_in(const v1::Audience& audience, const v1::Team& team,
                         const v1::Team* other) {
  const auto has = [&](const auto& list) {
    return std::find(list.begin(), list.end(), other->agency()) != list.end();
  };
  if (other == nullptr) return false;
  if (other->agency() == team.agency()) return true;
  if (has(audience.never_agencies())) return false;
  return audience.only_agencies().empty() || has(audience.only_agencies());
}

const v1::Team* next_in_line(const Turn& turn, const v1::Team& team, const v1::Audience& audience) {
  const v1::Team* next = turn.directory.team(team.deputy_team());
  if (!may_stand_in(audience, team, next)) next = turn.directory.safety_net(team.agency());
  if (!may_stand_in(audience, team, next)) return nullptr;
  return next->id() == team.id() ? nullptr : next;
}

}  // namespace switchboard::core
