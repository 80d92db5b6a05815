// Checks a store from its rows alone (P10): the chain, what its entries answer for, numbering,
// recipients. Used on a live snapshot by `audit verify` and offline by `switchboard-broker verify`.
// It says what it found, by ranges of positions, and for each team which numbers of its log are
// hurt; what cannot be read is passed over and the rest is looked at. It repairs nothing.
#pragma once

#include "broker/core/secrets.h"
#include "broker/store/rows.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::server {

// Whether what events say is opened, too: as long as reading the whole disk, so offline only.
enum class Depth { kRows, kContents };
// `witness` may be empty. Findings are bounded; report.ok() means none.
Result<v1::AuditReport> verify(const store::Reads& reads, const core::Secrets& secrets,
                               const v1::Promise& witness, Depth depth = Depth::kRows);

}  // namespace switchboard::server
