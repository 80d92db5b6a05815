// Which bucket of a ledger an item belongs to: hub and adapter must agree (P10). Pure.
#pragma once

#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard {

// A source on trial is on trial also where it sends test messages. `otherwise`: the environment of
// a header that does not say, or cannot be read. A probe is in no ledger.
inline v1::LedgerBucket bucket_of(const v1::EventHeader& header, v1::Environment otherwise) {
  if (header.kind() == "probe") return v1::LEDGER_BUCKET_UNSPECIFIED;  // nothing a source said
  if (header.shadow()) return v1::LEDGER_BUCKET_SHADOW;
  const v1::Environment said = header.environment();
  const bool test =
      (said == v1::ENVIRONMENT_UNSPECIFIED ? otherwise : said) == v1::ENVIRONMENT_TEST;
  return test ? v1::LEDGER_BUCKET_TEST : v1::LEDGER_BUCKET_LIVE;
}

}  // namespace switchboard
