// Who would have been told, in numbers: of sources on trial, and of a sample under other routes.
//
// Newest events first, each report bounded in events and rows (P11): `complete` says whether all
// were looked at. Nothing is written and no child is named. Thread: the reader.
#pragma once

#include "broker/server/pages.h"

namespace switchboard::server {

// Per team, day and hour of acceptance.
Result<v1::ShadowReport> shadow_report(const View& view, const v1::ShadowRequest& wanted);

// Per team and day (`hour` is 0): of the sample, by the day the source recorded it; without one, of
// what the hub accepted. Corrections go to who had the original and are left out.
Result<v1::EstimateReport> route_estimate(const View& view, const v1::RouteEstimate& wanted);

}  // namespace switchboard::server
