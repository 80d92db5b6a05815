#include "tests/sim/levels.h"

#include <algorithm>

#include "broker/core/attention.h"

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

size_t Levels::passed_by_now(const v1::Recipient& r) const {
  const auto* row = core::find_row(hub_.core().directory()->policy().row, r.policy_row());
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

v1::Directory world_of_levels() {
  v1::Directory world = support::small_world();
  v1::PolicyRow row;
  row.set_id("levels");
  row.add_kinds("concern");
  row.add_kinds("referral");
  row.set_attention(v1::ATTENTION_ACT);
  row.set_receive_within_s(900);
  row.set_acknowledge_within_s(7200);
  row.set_action_within_s(3600);
  row.add_levels()->add_tell(v1::ESCALATION_TO_DEPUTY);
  v1::EscalationLevel& last = *row.add_levels();
  last.set_after_s(1800);
  last.add_tell(v1::ESCALATION_TO_SAFETY_NET);
  const v1::Policy before = world.policy();
  world.mutable_policy()->clear_rows();
  *world.mutable_policy()->add_rows() = row;
  for (auto other : before.rows()) {
    if (!other.kinds().empty() && other.kinds(0) == "discharge") {
      other.set_clock(v1::CLOCK_KIND_WORKING);
    }
    *world.mutable_policy()->add_rows() = std::move(other);
  }
  v1::Group& group = *world.add_groups();
  group.set_id("front-door");
  group.add_teams("X99-HV");
  group.add_teams("X99-MASH");
  for (auto& team : *world.mutable_teams()) {
    if (team.id() != "X99-HV") continue;
    v1::Hours& hours = *team.add_hours();
    for (int day = 1; day <= 7; ++day) hours.add_days(static_cast<v1::Weekday>(day));
    hours.set_from("09:00");
    hours.set_to("17:00");
  }
  return world;
}

}  // namespace switchboard::sim
