#include "services/gateway/visitor.h"

namespace switchboard::gateway {

v1::Actor Visitor::actor(std::string_view team) const {
  v1::Actor actor;
  actor.set_person(person.id);
  actor.set_role(person.role);
  actor.set_team(std::string(team));
  actor.set_assurance(assurance);
  return actor;
}

}  // namespace switchboard::gateway
