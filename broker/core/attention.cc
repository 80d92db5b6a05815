#include "broker/core/attention.h"

#include <algorithm>

namespace switchboard::core {

static bool any_or_has(const auto& list, const auto& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

Asked attention(const v1::Policy& policy, std::string_view kind, v1::Urgency urgency,
                v1::Cause cause, std::string_view team_kind) {
  for (const auto& row : policy.rows()) {
    if (!any_or_has(row.kinds(), kind) || !any_or_has(row.team_kinds(), team_kind)) continue;
    if (!any_or_has(row.causes(), static_cast<int>(cause))) continue;
    if (urgency < row.least_urgency()) continue;
    return {row.attention(), seconds(row.acknowledge_within_s())};
  }
  return {};
}

bool must_reach(const v1::Policy& policy, std::string_view kind, bool open_plan) {
  const auto& kinds = policy.must_reach_kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return true;
  return open_plan && (kind == "discharge" || kind == "ed_attendance" || kind == "not_brought");
}

}  // namespace switchboard::core
