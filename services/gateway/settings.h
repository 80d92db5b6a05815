// The configuration, checked, before anything is opened.
//
// Fails: CODE_INVALID with every problem, one a line, each with its
// field and what to do.
#pragma once

#include "broker/base/result.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::gateway {

Status check_settings(const v1::GatewayConfig& config);
// The folder of what this gateway keeps, for its owner's eyes only; made if it is not there.
Status make_state_dir(const v1::GatewayConfig& config);

}  // namespace switchboard::gateway
