// `policy test`: the timeline an event would have, under the policy in force or another. Thread:
// the reader.
#pragma once

#include "broker/server/pages.h"

namespace switchboard::server {

Result<v1::PolicyTimeline> policy_timeline(const View& view, const v1::PolicyTest& wanted);

}  // namespace switchboard::server
