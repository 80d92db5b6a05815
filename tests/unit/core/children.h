// Changes of lists of children, for tests. Pure.
#pragma once

#include <initializer_list>
#include <string>

#include "tests/support/hub_core.h"

namespace switchboard::core {

inline v1::Member& add_row(v1::MembersChange& change, unsigned child) {
  v1::Member& row = *change.add_rows();
  *row.mutable_identifier() = support::nhs_identifier(support::nhs_number(child));
  row.set_line(static_cast<uint32_t>(change.rows_size()) + 1);
  return row;
}
inline v1::MembersChange of_list(v1::MembersMode mode, std::initializer_list<unsigned> children,
                                 v1::MemberList list = v1::MEMBER_LIST_CASELOAD,
                                 const std::string& team = "X99-MASH") {
  v1::MembersChange change;
  change.set_team(team);
  change.set_list(list);
  change.set_mode(mode);
  change.set_execute(true);
  for (const unsigned child : children) add_row(change, child);
  return change;
}
inline v1::MembersChange adding(std::initializer_list<unsigned> children,
                                v1::MemberList list = v1::MEMBER_LIST_CASELOAD,
                                const std::string& team = "X99-MASH") {
  return of_list(v1::MEMBERS_MODE_ADD, children, list, team);
}
inline v1::MembersChange removing(std::initializer_list<unsigned> children,
                                  v1::MemberList list = v1::MEMBER_LIST_CASELOAD) {
  return of_list(v1::MEMBERS_MODE_REMOVE, children, list);
}
// Whole, in one part, true on the day the tests begin.
inline v1::MembersChange snapshot(std::initializer_list<unsigned> children,
                                  const std::string& upload = std::string(16, 'u')) {
  auto change = of_list(v1::MEMBERS_MODE_SNAPSHOT, children);
  change.set_upload(upload);
  change.set_last(true);
  change.set_as_of("2026-03-02");
  change.set_confirm_vanishing(true);
  return change;
}
inline v1::MembersChange enquiry(unsigned child, Duration runs) {
  auto change = adding({child}, v1::MEMBER_LIST_ENQUIRY);
  change.set_reason("strategy discussion");
  change.set_until_us((support::kNoon + runs).us);
  return change;
}
// Of child 1 unless told otherwise, and of no area: only who knows the child is told.
inline support::Event nowhere(const std::string& kind, const std::string& message,
                              unsigned child = 1) {
  support::Event event(kind, message);
  event.header.mutable_subject()->clear_area_code();
  event.identity.clear_identifiers();
  *event.identity.add_identifiers() = support::nhs_identifier(support::nhs_number(child));
  return event;
}

}  // namespace switchboard::core
