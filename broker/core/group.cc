#include "broker/core/group.h"

#include <algorithm>

#include "broker/core/clock.h"
#include "broker/core/ladder.h"
#include "broker/core/picked_up.h"
#include "broker/store/rows.h"

namespace switchboard::core {
namespace {

bool has(const auto& list, const auto& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<Delivery> others_of(Turn& turn, const Delivery& by) {
  if (by.recipient.group().empty()) return {};
  auto all = deliveries_of(turn, by.event_position);
  std::erase_if(all, [&](const Delivery& d) {
    return d.recipient.group() != by.recipient.group() || d.recipient.team() == by.recipient.team();
  });
  return all;
}

// What a person did last, with its words: what the others are told.
v1::DeliveryStep last_act(const Delivery& by) {
  v1::DeliveryStep last;
  for (const auto& step : by.record.steps()) {
    if (step.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED) last = step;
  }
  return last;
}

store::Due morning_of(const Delivery& other, Time at) {
  return {at.us, store::DueKind::kMorning, other.recipient.team_handle(), other.number(), 1};
}

}  // namespace

std::vector<std::string> groups_among(const Directory& directory,
                                      const std::vector<Match>& matches) {
  std::vector<std::string> groups;
  if (directory.groups().empty() || matches.size() < 2) return groups;
  groups.resize(matches.size());
  for (const auto& [id, group] : directory.groups()) {
    std::vector<size_t> told;
    for (size_t i = 0; i < matches.size(); ++i) {
      if (groups[i].empty() && has(group.row.teams(), matches[i].team->id())) told.push_back(i);
    }
    if (told.size() < 2) continue;
    for (const size_t i : told) groups[i] = id;
  }
  return groups;
}

void group_picked_up(Turn& turn, const Delivery& by, const v1::DeliveryStep& step) {
  for (auto& other : others_of(turn, by)) {
    if (!other.open() || other.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED) continue;
    if (other.attention() != v1::ATTENTION_ACT || other.team == nullptr) continue;
    note_picked_up(turn, other, by, step);
    other.record.set_attention(v1::ATTENTION_SEE);
    const auto next = turn.directory.staffing(*other.team).next(turn.now).value_or(turn.now);
    if (next == turn.now) {
      tell_picked_up(turn, other, by, step, v1::CHANGE_GROUP_PICKED_UP);
    } else {
      store::add_due(turn.journal, morning_of(other, next));
    }
    save(turn, other);
  }
}

void group_given_back(Turn& turn, const Delivery& by) {
  for (auto& other : others_of(turn, by)) {
    if (give_back(turn, other, by)) save(turn, other);
  }
}

void tell_in_the_morning(Turn& turn, const store::Due& due) {
  const auto other = find_delivery(turn, due.team, due.number);
  if (!other) return;
  const std::string team = held_by(*other);  // nobody, if it was given back meanwhile
  const auto* row = turn.directory.team(team);
  const auto by =
      row == nullptr ? std::nullopt : find_delivery_of(turn, other->event_position, row->handle());
  if (!by) return;
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_CLOCK);
  entry.set_event_position(other->event_position);
  entry.set_team(other->recipient.team());
  entry.set_number(other->number());
  entry.set_text("told that another team of the group picked it up");
  tell_picked_up(turn, *other, *by, last_act(*by), v1::CHANGE_GROUP_PICKED_UP);
}

}  // namespace switchboard::core
