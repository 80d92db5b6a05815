#include "tests/sim/levels.h"

#include <algorithm>

#include "broker/core/attention.h"
#include "broker/store/records.h"

namespace switchboard::sim {
namespace {

std::vector<uint32_t> marks_of(const v1::DeliveryRecord& record) {
  std::vector<uint32_t> marks;
  for (const auto& step : record.steps()) {
    const bool pick_up = step.clock() == v1::DUE_CLOCK_UNSPECIFIED;
    if (step.overdue_level() > 0 && pick_up) marks.push_back(step.overdue_level());
  }
  return marks;
}

// A person of the team has it, or had; or another team has it.
bool in_hand(const v1::DeliveryRecord& record) {
  return record.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED ||
         std::any_of(record.steps().begin(), record.steps().end(),
                     [](const auto& step) { return !step.to_team().empty(); });
}

}  // namespace

Levels::Levels(const support::HubCore& hub) : hub_(hub) {
  for (const auto& [id, team] : hub.core().directory()->teams()) {
    for (const auto& entry : hub.log({team.row.handle(), store::Log::kSent})) {
      const auto& change = entry.change;
      if (change.change() == v1::CHANGE_OVERDUE) {
        told_senders_.insert({change.event_position(), change.about_team()});
      }
      for (int i = 0; i < change.digest_size(); ++i) {
        told_senders_.insert({change.digest_events(i), change.digest(i).about_team()});
      }
      cut_ = cut_ || change.digest_more() > 0;
    }
  }
}

// By the policy of its acceptance, whatever came since.
size_t Levels::passed_by_now(const v1::Recipient& r) const {
  auto known = policies_.find(r.policy_version());
  if (known == policies_.end()) {
    auto policy = store::read_policy(hub_.kv(), r.policy_version()).value();
    known = policies_.emplace(r.policy_version(), policy.value_or(v1::Policy{})).first;
  }
  const auto* row = core::find_row(known->second, r.policy_row());
  if (row == nullptr || row->levels().empty()) return r.acknowledge_by_us() <= hub_.now.us;
  Time due{r.acknowledge_by_us()};
  size_t passed = 0;
  for (int i = 0; i < row->levels_size(); ++i) {
    if (i > 0) due = due + seconds(row->levels(i).after_s());
    passed += due <= hub_.now;
  }
  return passed;
}

std::vector<std::string> Levels::broken(const v1::EventRecord& event, uint64_t position,
                                        const v1::Recipient& r, bool is_void) const {
  std::vector<std::string> broken;
  const auto record = hub_.delivery(r.team(), r.number());
  const std::string which = r.team() + " " + std::to_string(r.number()) + ": ";
  const auto marks = marks_of(record);
  for (size_t i = 0; i < marks.size(); ++i) {
    if (marks[i] != i + 1) broken.push_back(which + "a level was skipped or came twice");
  }
  const size_t passed = passed_by_now(r);
  if (!is_void && !in_hand(record) && marks.size() != passed) {
    broken.push_back(which + std::to_string(marks.size()) + " levels of " + std::to_string(passed));
  }
  const auto* sender = hub_.core().directory()->team(event.from_team());
  const bool has_sender = sender != nullptr && sender->agency() == event.agency();
  if (!marks.empty() && has_sender && !cut_ && !told_senders_.contains({position, r.team()})) {
    broken.push_back(which + "the sender was not told of level 1");
  }
  return broken;
}

std::vector<std::string> Levels::broken_at(uint64_t position, bool is_void) const {
  std::vector<std::string> all;
  const auto event = hub_.event(position);
  for (const auto& r : hub_.recipients(position)) {
    if (r.acknowledge_by_us() == 0) continue;
    for (auto& words : broken(event, position, r, is_void)) all.push_back(std::move(words));
  }
  return all;
}

}  // namespace switchboard::sim
