// Judges who must not be told: no team of what a source on trial says, no live team of a test, no
// agency that the sender left out.
//
// Knows from the adapters' own messages which are on trial, so that a hub that forgets it is seen.
// Thread: the run's.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/sim/messages.h"
#include "tests/support/hub_core.h"

namespace switchboard::sim {

class Silence {
 public:
  explicit Silence(const support::HubCore& hub) : hub_(hub) {}

  // An adapter has taken this message.
  void owes(const Message& message);
  // What is wrong with who was told of an accepted event; with a team that got an entry about it.
  std::vector<std::string> broken_at(uint64_t position) const;
  std::vector<std::string> broken_by(const std::string& team, uint64_t position) const;

 private:
  bool is_of_its_world(const v1::Team& team, const v1::EventRecord& event) const;
  bool may_know(const v1::Team& team, const v1::EventRecord& event) const;
  const support::HubCore& hub_;
  std::set<std::string> only_trial_;  // event ids that no live message has
  std::set<std::string> test_;
};

}  // namespace switchboard::sim
