// Lists of children that a team keeps, changed one child at a time: caseload, open plans,
// enquiries.
//
// Identifiers are hashed here and stored nowhere. Each change has an audit entry with counts, and
// a child that comes to a caseload or an enquiry brings the team what there is of it (join.h).
// Not here: whole lists (snapshot.h), how an enquiry ends (enquiry.h). Thread: the loop.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broker/core/turn.h"
#include "broker/store/member_rows.h"

namespace switchboard::core {

struct MembersAnswer {
  v1::Code code = v1::CODE_OK;
  std::string text;
  v1::MembersReport report;
};
struct MembersCommand {
  const v1::PrincipalRow& who;
  const std::string& person;  // the actor, as the principal names them
  const v1::MembersChange& change;
  const v1::Team& team;

  store::ListId list() const { return {team.handle(), change.list()}; }
};

// "caseload", "child-protection" …; nothing for what is no list.
std::string_view list_name(v1::MemberList list);
std::string list_words(const store::ListId& list);  // for the audit: "caseload", "list of …"
// What the hub knows the child by; nothing: the number or the birth date is not one.
std::optional<std::string> member_hash(const Secrets& secrets, const v1::Member& member);
// The list's own row, after so many came and went.
void count_members(Turn& turn, const store::ListId& list, int64_t change, const std::string& by);
// An entry about the list: who, and what in words.
v1::AuditEntry& audit_list(Turn& turn, const MembersCommand& command, const std::string& words);

// Modes ADD and REMOVE: all rows at once or none. A plan unless `execute` is set.
MembersAnswer change_members(Turn& turn, const MembersCommand& command);
// No mode: how many, in report.before; how old, in the text (ISO 8601, or nothing where the list
// is kept child by child) and of enquiries each one's time; what is wrong, in report.problem.
Result<MembersAnswer> look_at_members(const store::Reads& reads, const Directory& directory,
                                      const MembersCommand& command, Time now);

}  // namespace switchboard::core
