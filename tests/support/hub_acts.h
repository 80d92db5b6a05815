// An act of a person, as a screen would bring it.
#pragma once

#include <string>

#include "switchboard/v1/session.pb.h"

namespace switchboard::test {

inline v1::Act act_on(const std::string& team, uint64_t number, v1::ActKind kind,
                      const std::string& person, const std::string& outcome = {}) {
  v1::Act act;
  act.set_team(team);
  act.set_number(number);
  act.set_kind(kind);
  act.mutable_actor()->set_person(person);
  act.mutable_actor()->set_team(team);
  act.mutable_actor()->set_assurance(v1::ASSURANCE_ASSERTED);
  act.set_outcome(outcome);
  return act;
}

}  // namespace switchboard::test
