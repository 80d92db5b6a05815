// What an engineer runs before a feed is live, on files: what a capture holds, what each of its
// messages would become, and why. No hub, no outbox, nothing is sent.
//
// Output names no person: a message is a file, its number in it, and its control id. Only the
// events file, which is asked for, holds content; it is readable by its owner alone (0600). Thread:
// one. Fails: with an Exit, having said why on stderr.
#pragma once

#include <string>

#include "adapters/mllp/map_message.h"
#include "broker/runtime/exit_codes.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::mllp {

// `--check-mapping FILE SAMPLE`: prints the events the sample would make, and why. kBadInput when
// the sample would not become an event of its own: refused, or held as unreadable.
struct MappingCheck {
  std::string mapping_file, sample_file;
  enum class Show { kMasked, kIdentity } show = Show::kMasked;
  const v1::MllpConfig* config = nullptr;  // whose listener of that mapping speaks; may be null
};
Exit check_mapping(const MappingCheck& check);

// `--survey DIR`: a report in comments, then a draft mapping: the output is a file that loads.
Exit survey_capture(const std::string& path);

// `--dry-run FILE DIR`: a line for each message, then totals. kSomeFailed when one of them would be
// refused or held in quarantine.
struct DryRun {
  std::string mapping_file, path;
  std::string events_file;                 // one Event in JSON a line; "" = none
  const v1::MllpConfig* config = nullptr;  // as above
};
Exit dry_run(const DryRun& run);

}  // namespace switchboard::mllp
