// Both sides of the ledger of one day, and whether they agree (P10).
//
// read = accepted + duplicate + out of scope + quarantined + refused, where `read` is the adapter's
// word and what became of what it took is the hub's. What the adapter still holds is shown apart;
// whatever else is missing is unexplained. Thread: the reader.
#pragma once

#include "broker/server/pages.h"

namespace switchboard::server {

// A line for each source and bucket that either side counted on that day, and for each live one
// whose adapter has told of one of the seven days before it: one that fell silent has a line.
Result<v1::LedgerReport> ledger_report(const View& view, const v1::LedgerRequest& wanted);

// Fills in waiting, unexplained and state of a line that has both sides' counts. Pure.
void settle(v1::LedgerLine& line, Day day, Time now);

}  // namespace switchboard::server
