// The sheet of numbers: who to ring, right at the moment it is dated with. As a table, as CSV, and
// as a page to print.
//
// The page is one file: no scripts, nothing loaded, A4. Numbers that nobody tried for too long say
// so in words, not by colour alone. Pure.
#pragma once

#include <string>

#include "services/cli/table.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::cli {

// "numbers right at Sunday 22 November 2026 16:40 (London)"
std::string sheet_heading(const v1::DirectorySheet& sheet);
Table sheet_table(const v1::DirectorySheet& sheet);
std::string sheet_csv(const v1::DirectorySheet& sheet);
// `team`: whose sheet it is, its own entry first; empty: the public list.
std::string sheet_html(const v1::DirectorySheet& sheet, const std::string& team);
// One entry in full, a line each.
std::string render_contact(const v1::DirectoryEntry& entry);
// "01632 960111 (Nurse in charge)"; empty without a number.
std::string contact_words(const v1::Contact& contact);
// "2026-11-01", "STALE: tried on 2026-01-01", "STALE: never tried".
std::string tried_words(const v1::DirectoryEntry& entry);

}  // namespace switchboard::cli
