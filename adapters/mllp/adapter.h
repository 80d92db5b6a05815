// The whole program, built top to bottom: reading this file's source shows it.
#pragma once

#include "broker/runtime/exit_codes.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::mllp {

// Runs until SIGTERM or SIGINT; says on the log why it ended otherwise.
Exit run_adapter(const v1::MllpConfig& config, const char* version);

}  // namespace switchboard::mllp
