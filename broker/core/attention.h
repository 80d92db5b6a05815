// What a delivery asks of its team, by the policy table: act, see or file, and by when.
//
// Pure. Rows are tried in order, the first that matches decides; with no match a delivery asks for
// an act within four hours: a gap in the policy never hides an alert. Thread: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "broker/base/time.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::core {

// What rows may ask about an event. Beside kind and urgency only as far as asks_about() says so.
struct Circumstances {
  std::string_view kind;
  v1::Urgency urgency = v1::URGENCY_UNSPECIFIED;
  bool open_plan = false;
  bool under_1 = false;
  bool unborn = false;
  bool provisional = false;        // identity is not verified
  uint32_t events_in_30_days = 1;  // told events of this child, this one included
};
// … and about the team that is told.
struct Relation {
  v1::Cause cause = v1::CAUSE_UNSPECIFIED;
  std::string_view team_kind;
  bool out_of_hours = false;
};

struct Asked {
  v1::Attention attention = v1::ATTENTION_ACT;
  Duration acknowledge_within = seconds(4 * 3600);
  Duration receive_within{};  // 0: no such clock
  Duration action_within{};   // after the acknowledgement; 0: no such clock
  v1::ClockKind clock = v1::CLOCK_KIND_ELAPSED;
  const v1::PolicyRow* row = nullptr;  // of the policy; null: none matched
  int number = 0;                      // of that row, from 1
};
Asked attention(const v1::Policy& policy, const Circumstances& event, const Relation& team);
Asked attention(const v1::Policy& policy, std::string_view kind, v1::Urgency urgency,
                v1::Cause cause, std::string_view team_kind);

// How a row is named for people and found again: by its id, else "row 3"; empty for none.
std::string row_name(const Asked& asked);
// Null: no row of this policy has that name.
const v1::PolicyRow* find_row(const v1::Policy& policy, std::string_view name);

// What the rows ask about at all: nothing else is looked up when an event is accepted.
struct PolicyAsks {
  bool out_of_hours = false;
  uint32_t events_in_30_days = 0;  // the most that any row asks for
};
PolicyAsks asks_about(const v1::Policy& policy);

// Zero recipients of these kinds is `unrouted`: the safety-net team is told, with a clock.
bool must_reach(const v1::Policy& policy, std::string_view kind, bool open_plan);
// Nobody has signed it off: it is shown as an example that needs local sign-off.
bool is_example(const v1::Policy& policy);
// Accepted so long after it happened that it is told late.
bool told_late(const v1::Policy& policy, Time occurred, Time accepted);

}  // namespace switchboard::core
