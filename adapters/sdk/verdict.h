// What an answer's code means for the thing it answers: held by the hub, to be sent again, refused.
//
// Pure. A code this build does not know is judged by its range, which session.proto keeps: below 10
// held, 10-19 and from 30 retryable, 20-29 definite.
#pragma once

#include "switchboard/v1/session.pb.h"

namespace switchboard::sdk {

enum class Verdict {
  kHeld,     // custody is with the hub: accepted, a duplicate, or in quarantine
  kRetry,    // not taken; the same bytes may be taken later
  kRefused,  // not taken, and the same bytes never will be
};

Verdict verdict(v1::Code code);

}  // namespace switchboard::sdk
