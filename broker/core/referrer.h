// A referral's outcome always reaches the team that made the referral, with until when it can be
// challenged.
//
// The referral is the event the outcome names as its cause, else the newest referral of a thread of
// its own. Thread: the loop.
#pragma once

#include <vector>

#include "broker/core/original.h"
#include "broker/core/route.h"

namespace switchboard::core {

// Adds the team that made the referral, unless it is told already or may not be.
void add_referrer(Turn& turn, const v1::EventHeader& header, const Facts& facts,
                  std::vector<Match>& matches);
// Until when this outcome can be challenged: as it says itself, else by policy; 0: nothing was
// decided yet.
int64_t challenge_by_us(const Turn& turn, const v1::ReferralOutcome& outcome);

}  // namespace switchboard::core
