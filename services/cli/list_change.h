// A change of a list of children on its way to the hub, and what is said about it.
//
// By the key of the team itself where the connection file has it, else by an operator's. Thread:
// main's. Fails: with the hub's code.
#pragma once

#include <span>
#include <string>

#include "services/cli/call.h"

namespace switchboard::cli {

struct ListAnswer {
  v1::MembersReport report;
  std::string text;
};
// Of the child that a command is about: from stdin unless a file is named.
Result<std::string> read_number(Call& call);
Result<ListAnswer> send_list_change(Call& call, v1::MembersChange change);
// A whole list, in as many parts as it needs.
Result<ListAnswer> send_whole_list(Call& call, v1::MembersChange change,
                                   std::span<const v1::Member> rows);
// Counts, and what is odd about which lines.
void print_report(Call& call, const v1::MembersReport& report);
// "child-protection" of the command line; UNSPECIFIED: there is no such list.
v1::MemberList list_of_name(const std::string& name);
// How many and how old, of the call's team or all that an operator sees; says so where one is
// stale.
Exit print_lists(Call& call, std::span<const v1::MemberList> lists);
// What the team should know about its caseload before it reads on; nothing if it is as it should.
void note_stale_caseload(Call& call, const std::string& team);

}  // namespace switchboard::cli
