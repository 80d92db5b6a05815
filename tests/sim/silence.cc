#include "tests/sim/silence.h"

#include <algorithm>

#include "broker/store/records.h"

namespace switchboard::sim {

void Silence::owes(const Message& message) {
  const std::string id(message.id.view());
  if (message.world == Message::World::kTrial) only_trial_.insert(id);
  if (message.world == Message::World::kTest) test_.insert(id);
}

// A trial is nobody's, a test message test teams', whatever else holds.
bool Silence::is_of_its_world(const v1::Team& team, const v1::EventRecord& event) const {
  if (only_trial_.contains(event.event_id())) return false;
  const bool test_team = team.environment() == v1::ENVIRONMENT_TEST;
  return test_.contains(event.event_id()) == test_team;
}

bool Silence::may_know(const v1::Team& team, const v1::EventRecord& event) const {
  if (!is_of_its_world(team, event)) return false;
  const auto& only = event.audience().only_agencies();
  return only.empty() || std::find(only.begin(), only.end(), team.agency()) != only.end();
}

std::vector<std::string> Silence::broken_at(uint64_t position) const {
  const auto event = store::read_event(hub_.kv(), position).value();
  if (!event) return {};
  std::vector<std::string> broken;
  std::set<std::string> corrected;  // P7: these agencies have what is corrected
  for (const auto& recipient : hub_.recipients(position)) {
    const v1::Team& team = hub_.team(recipient.team());
    if (recipient.cause() == v1::CAUSE_CORRECTION) corrected.insert(team.agency());
    if (is_of_its_world(team, *event) && corrected.contains(team.agency())) continue;
    if (!may_know(team, *event)) {
      broken.push_back(team.id() + " was told of position " + std::to_string(position));
    }
  }
  if (!only_trial_.contains(event->event_id())) return broken;
  for (const auto queue : {store::Queue::kUnrouted, store::Queue::kHeld, store::Queue::kMatch}) {
    if (hub_.kv().get(kv::Family::kState, store::key::queue(queue, position)).value()) {
      broken.push_back("a trial stands in a queue: position " + std::to_string(position));
    }
  }
  return broken;
}

std::vector<std::string> Silence::broken_by(const std::string& team, uint64_t position) const {
  const auto event = store::read_event(hub_.kv(), position).value();
  if (!event || !only_trial_.contains(event->event_id())) return {};
  return {team + " got an entry about a source on trial"};
}

}  // namespace switchboard::sim
