// What a delivery asks of its team, by the policy table: act, see or file, and by when.
//
// Pure. Rows are tried in order, the first that matches decides; with no match a delivery asks for
// an act within four hours: a gap in the policy never hides an alert. Thread: any.
#pragma once

#include <cstdint>
#include <string_view>

#include "broker/base/time.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::core {

struct Asked {
  v1::Attention attention = v1::ATTENTION_ACT;
  Duration acknowledge_within = seconds(4 * 3600);
};
Asked attention(const v1::Policy& policy, std::string_view kind, v1::Urgency urgency,
                v1::Cause cause, std::string_view team_kind);
// Zero recipients of these kinds is `unrouted`: the safety-net team is told, with a clock.
bool must_reach(const v1::Policy& policy, std::string_view kind, bool open_plan);

}  // namespace switchboard::core
