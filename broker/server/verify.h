// Checks a store from its rows alone (P10): the chain, what its entries answer for, numbering,
// recipients. Used on a live snapshot by `audit verify` and offline by `switchboard-broker verify`.
// It says what it found; it repairs nothing.
#pragma once

#include "broker/core/secrets.h"
#include "broker/store/rows.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::server {

// `witness` may be empty. Findings are bounded; report.ok() means none.
Result<v1::AuditReport> verify(const store::Reads& reads, const core::Secrets& secrets,
                               const v1::Promise& witness);

}  // namespace switchboard::server
