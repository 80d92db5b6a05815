// Do the attendances that a team was told of agree with what its agency's feeds counted, day by day
// and source by source (P10)?
//
// fed: by the adapter's ledger; accepted: by the hub's; here: by the team's own log. Days are
// London's, on which the adapter took the message. Bounded (P11): kDaysMax days, and as many of
// them as the looks allow: a day that was not counted whole is left out. Thread: the reader.
#pragma once

#include <vector>

#include "broker/server/pages.h"

namespace switchboard::server {

inline constexpr int32_t kAttendanceDaysMax = 14;

// From the day of `from` on, newest first.
Result<std::vector<v1::AttendanceDay>> attendance_days(const View& view, const v1::Team& team,
                                                       Time from);

}  // namespace switchboard::server
