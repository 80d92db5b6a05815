// A sample of events from disk: a dry run's JSON lines, an event file, or a folder of either.
//
// A file of JSON has one v1::Event a line (`switchboard-mllp --dry-run DIR --events FILE` writes
// it); any other is one event in TOML, as `route test` takes it. Problems name file and line and
// quote no value. Fails: CODE_NOT_FOUND, CODE_INVALID.
#pragma once

#include <functional>
#include <string>

#include "broker/base/result.h"
#include "services/cli/event_file.h"

namespace switchboard::cli {

// Each item in order, files of a folder by name. `take` may end it with an error.
Status read_sample(const std::string& path, const EventDefaults& defaults,
                   const std::function<Status(v1::Item&&)>& take);

}  // namespace switchboard::cli
