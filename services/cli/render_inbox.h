// Entries of an inbox: as rows of a list, and one of them in full.
//
// Rows name no child and no narrative. The full form prints the sections the hub disclosed to the
// team that asked, and nothing else: there is nothing else here. Pure.
#pragma once

#include <string>

#include "broker/base/time.h"
#include "services/cli/table.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::cli {

Table inbox_table();
void add_entry(Table& table, const v1::Entry& entry, Time now);
// A line for `inbox follow`: one entry as it arrives.
std::string entry_line(const v1::Entry& entry, Time now);
std::string render_entry(const v1::Entry& entry, Time now, const Table::Style& style);

}  // namespace switchboard::cli
