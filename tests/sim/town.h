// The directory changes in mid-flight: routes, teams, people, keys, policy, what may be shown.
//
// Each change is an operator's `apply` of the rows in force with one thing turned round; heal()
// turns all back that shuts somebody out. Thread: the run's.
#pragma once

#include <string>

#include "tests/sim/sim_hub.h"

namespace switchboard::sim {

class Town {
 public:
  Town(SimHub& hub, Faults& faults) : hub_(hub), faults_(faults) {}
  // One kind of change; what was done, in words.
  std::string change(Fault kind);
  // An administrator may see that a key has expired, and puts its last day off; empty: nobody did.
  std::string renew();
  // Everybody is let in, open and enrolled again.
  void heal();

 private:
  std::string turn_route(v1::Directory& rows);
  std::string turn_team(v1::Directory& rows);
  std::string turn_person(v1::Directory& rows);
  std::string turn_key(v1::Directory& rows);
  std::string date_key(v1::Directory& rows);
  void let_in(v1::PrincipalRow key, v1::Directory& rows);
  std::string new_policy(v1::Directory& rows);
  std::string new_disclosure(v1::Directory& rows);
  void apply(const v1::Directory& rows);

  SimHub& hub_;
  Faults& faults_;
};

}  // namespace switchboard::sim
