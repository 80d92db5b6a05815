// The whole program, built top to bottom: reading this file's source shows it.
#pragma once

#include <string>

#include "broker/runtime/exit_codes.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::mllp {

// Runs until SIGTERM or SIGINT; says on the log why it ended otherwise.
Exit run_adapter(const v1::MllpConfig& config, const char* version);

// `--check-mapping FILE SAMPLE`: prints the event the sample would make, and why. kBadInput when
// the sample would not become an event of its own: refused, or held as unreadable.
struct MappingCheck {
  std::string mapping_file, sample_file;
  enum class Show { kMasked, kIdentity } show = Show::kMasked;
  const v1::MllpConfig* config = nullptr;  // whose listener of that mapping speaks; may be null
};
Exit check_mapping(const MappingCheck& check);

}  // namespace switchboard::mllp
