#include "broker/core/attention.h"

#include <algorithm>
#include <charconv>

namespace switchboard::core {
namespace {

constexpr std::string_view kRow = "row ";
constexpr uint32_t kLateAfterS = 3600;

bool any_or_has(const auto& list, const auto& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

bool holds(int context, const Circumstances& event, const Relation& team) {
  switch (context) {
    case v1::CONTEXT_OPEN_PLAN:
      return event.open_plan;
    case v1::CONTEXT_UNDER_1:
      return event.under_1;
    case v1::CONTEXT_UNBORN:
      return event.unborn;
    case v1::CONTEXT_PROVISIONAL:
      return event.provisional;
    case v1::CONTEXT_OUT_OF_HOURS:
      return team.out_of_hours;
    default:
      return false;  // refused when it was applied
  }
}

bool matches(const v1::PolicyRow& row, const Circumstances& event, const Relation& team) {
  if (!any_or_has(row.kinds(), event.kind)) return false;
  if (!any_or_has(row.team_kinds(), team.team_kind)) return false;
  if (!any_or_has(row.causes(), static_cast<int>(team.cause))) return false;
  if (event.urgency < row.least_urgency()) return false;
  if (event.events_in_30_days < row.events_in_30_days()) return false;
  return std::all_of(row.contexts().begin(), row.contexts().end(),
                     [&](int context) { return holds(context, event, team); });
}

}  // namespace

Asked attention(const v1::Policy& policy, const Circumstances& event, const Relation& team) {
  for (int i = 0; i < policy.rows_size(); ++i) {
    const auto& row = policy.rows(i);
    if (!matches(row, event, team)) continue;
    Asked asked{row.attention(), seconds(row.acknowledge_within_s())};
    asked.receive_within = seconds(row.receive_within_s());
    asked.action_within = seconds(row.action_within_s());
    if (row.clock() == v1::CLOCK_KIND_WORKING) asked.clock = v1::CLOCK_KIND_WORKING;
    asked.row = &row;
    asked.number = i + 1;
    return asked;
  }
  return {};
}

Asked attention(const v1::Policy& policy, std::string_view kind, v1::Urgency urgency,
                v1::Cause cause, std::string_view team_kind) {
  Circumstances event;
  event.kind = kind;
  event.urgency = urgency;
  return attention(policy, event, {cause, team_kind, false});
}

std::string row_name(const Asked& asked) {
  if (asked.row == nullptr) return {};
  return asked.row->id().empty() ? std::string(kRow) + std::to_string(asked.number)
                                 : asked.row->id();
}

const v1::PolicyRow* find_row(const v1::Policy& policy, std::string_view name) {
  if (name.empty()) return nullptr;
  for (const auto& row : policy.rows()) {
    if (row.id() == name) return &row;
  }
  if (!name.starts_with(kRow)) return nullptr;
  const auto digits = name.substr(kRow.size());
  int number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ptr != digits.data() + digits.size()) return nullptr;
  return number < 1 || number > policy.rows_size() ? nullptr : &policy.rows(number - 1);
}

PolicyAsks asks_about(const v1::Policy& policy) {
  PolicyAsks asks;
  for (const auto& row : policy.rows()) {
    asks.events_in_30_days = std::max(asks.events_in_30_days, row.events_in_30_days());
    for (const int context : row.contexts()) {
      asks.out_of_hours = asks.out_of_hours || context == v1::CONTEXT_OUT_OF_HOURS;
    }
  }
  return asks;
}

bool must_reach(const v1::Policy& policy, std::string_view kind, bool open_plan) {
  const auto& kinds = policy.must_reach_kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return true;
  return open_plan && (kind == "discharge" || kind == "ed_attendance" || kind == "not_brought");
}

bool is_example(const v1::Policy& policy) {
  return policy.signed_off_by().empty() || policy.signed_off_on().empty();
}

bool told_late(const v1::Policy& policy, Time occurred, Time accepted) {
  const uint32_t stated = policy.late_after_s();
  return occurred.us > 0 && occurred + seconds(stated == 0 ? kLateAfterS : stated) <= accepted;
}

}  // namespace switchboard::core
