// Which acts on a delivery are in force: its steps, without those that were undone, withdrawn or
// declined. History keeps all of them; this is how it is read.
//
// Steps of other teams stand there too: an offer, a taking, a refusal that led here. Pure. Thread:
// any.
#pragma once

#include <string_view>
#include <vector>

#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

// In order. Openings, marks and what moves nothing are left out.
std::vector<const v1::DeliveryStep*> standing_acts(const v1::DeliveryRecord& record);
// The team has said that it is not theirs, and that stands.
bool has_refused(const v1::DeliveryRecord& record, std::string_view team);
// The newest act in force is this one, by the team itself.
bool ended_by(const v1::DeliveryRecord& record, std::string_view team, v1::ActKind act);
// The newest offer of another team to this one; null: none was made, or it is gone.
const v1::DeliveryStep* standing_offer(const v1::DeliveryRecord& record, std::string_view team);

}  // namespace switchboard::core
