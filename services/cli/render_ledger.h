// The two sides of a day's ledger as a table, and the sentences about what does not agree. Pure.
#pragma once

#include <string>
#include <vector>

#include "services/cli/table.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::cli {

// "AGENCY/SYSTEM", or the name of a listener.
bool concerns(const v1::LedgerLine& line, const std::string& adapter);
// Nothing that a person has to look at: the sides agree, or the day is not over.
bool in_order(const v1::LedgerLine& line);

Table ledger_table(const v1::LedgerReport& report);
// One sentence for each line that is not in order.
std::vector<std::string> ledger_faults(const v1::LedgerReport& report);

}  // namespace switchboard::cli
