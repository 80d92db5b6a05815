// What a program's end tells a script or a supervisor: sysexits numbers, one closed set.
#pragma once

#include "broker/base/result.h"

namespace switchboard {

enum class Exit : int {
  kOk = 0,
  kSomeFailed = 1,    // done, with some failures
  kUsage = 64,        // the command line is wrong
  kBadInput = 65,     // a file or message given is wrong
  kUnavailable = 69,  // the hub, disk or network is not there
  kInternal = 70,     // a fault of ours
  kRetryLater = 75,   // the same call may succeed later
  kNotAllowed = 77,
  kConfig = 78,  // the configuration is wrong: restarting does not help
};

// The exit for an error met after start.
inline Exit exit_for(v1::Code code) {
  switch (code) {
    case v1::CODE_OK:
    case v1::CODE_DUPLICATE:
    case v1::CODE_QUARANTINED:
      return Exit::kOk;
    case v1::CODE_BUSY:
    case v1::CODE_DISK_LOW:
    case v1::CODE_RECOVERING:
    case v1::CODE_DRAINING:
    case v1::CODE_READ_ONLY:
      return Exit::kRetryLater;
    case v1::CODE_NOT_ALLOWED:
      return Exit::kNotAllowed;
    case v1::CODE_MALFORMED:
    case v1::CODE_OVERSIZE:
    case v1::CODE_NOT_FOUND:
    case v1::CODE_CONFLICT:
    case v1::CODE_INVALID:
      return Exit::kBadInput;
    case v1::CODE_UNSUPPORTED_VERSION:
      return Exit::kUnavailable;
    default:
      return Exit::kInternal;
  }
}

}  // namespace switchboard
