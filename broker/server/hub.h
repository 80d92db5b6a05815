// The whole broker, built top to bottom: reading this file's source shows the program.
#pragma once

#include "broker/runtime/exit_codes.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::server {

// Runs until SIGTERM or SIGINT; says on the log why it ended otherwise.
Exit run_hub(const v1::BrokerConfig& config, const char* version);
// `switchboard-broker verify DIR`: offline; prints its findings, kSomeFailed if there are any. The
// master key is read from SWITCHBOARD_MASTER_KEY_FILE, else from DIR/master.key.
Exit verify_offline(const std::string& dir);

}  // namespace switchboard::server
