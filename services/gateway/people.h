// Who may sign in here: the people of this gateway's teams, as the hub's directory has them.
//
// A copy that hub_link.h renews; a person who is disabled or leaves a team is out of it within the
// time of one renewal. Thread: the server's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broker/base/time.h"
#include "switchboard/v1/screen.pb.h"

namespace switchboard::gateway {

struct Person {
  std::string id;
  std::string name;
  std::string role;
  std::vector<std::string> teams;  // of this gateway only
  bool of(std::string_view team) const;
};

class People {
 public:
  // The newest view of one team.
  void put(v1::TeamView view);
  // Nothing: nobody of these teams has this id, or they are disabled.
  std::optional<Person> find(std::string_view id) const;
  const v1::TeamView* team(std::string_view id) const;
  // Not before every team's view has come once: until then nobody can sign in.
  bool complete(const std::vector<std::string>& teams) const;

 private:
  std::map<std::string, v1::TeamView, std::less<>> teams_;
};

}  // namespace switchboard::gateway
