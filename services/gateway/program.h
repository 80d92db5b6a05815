// The whole program, built top to bottom: reading this file's source shows it.
#pragma once

#include "broker/runtime/exit_codes.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::gateway {

// Runs until SIGTERM or SIGINT; says on the log why it ended otherwise.
Exit run_program(const v1::GatewayConfig& config, const char* version);

}  // namespace switchboard::gateway
