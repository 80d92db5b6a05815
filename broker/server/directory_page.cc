#include "broker/server/directory_page.h"

#include "broker/base/limits.h"
#include "broker/core/sheet.h"

namespace switchboard::server {
namespace {

void add_all(const auto& rows, auto& into) {
  for (const auto& [id, row] : rows) *into.Add() = row.row;
}

Result<v1::DirectorySheet> sheet_of(const View& view, const std::string& team, int64_t at_us) {
  if (!team.empty() && view.directory.team(team) == nullptr) {
    return error(v1::CODE_NOT_FOUND, "no such team");
  }
  const auto whom = team.empty() ? core::SheetFor::kPublic : core::SheetFor::kTeam;
  auto sheet = core::directory_sheet(view.directory, whom, at_us == 0 ? view.now : Time{at_us});
  if (sheet.ByteSizeLong() > limits::kPageBytesMax) {
    return error(v1::CODE_OVERSIZE,
                 "more teams than one page holds: ask operators for the numbers");
  }
  return sheet;
}

}  // namespace

v1::Directory directory_rows(const core::Directory& directory, const v1::DirectoryRequest& wanted) {
  v1::Directory out;
  if (wanted.agencies()) {
    add_all(directory.agencies(), *out.mutable_agencies());
    add_all(directory.areas(), *out.mutable_areas());
    add_all(directory.practices(), *out.mutable_practices());
    const auto& postcodes = directory.postcodes();
    if (postcodes.version != 0) *out.mutable_postcodes() = postcodes.row;
  }
  if (wanted.teams()) {
    add_all(directory.teams(), *out.mutable_teams());
    add_all(directory.calendars(), *out.mutable_calendars());
    add_all(directory.groups(), *out.mutable_groups());
  }
  if (wanted.people()) {
    add_all(directory.people(), *out.mutable_people());
    add_all(directory.rotas(), *out.mutable_rotas());
  }
  if (wanted.principals()) add_all(directory.principals(), *out.mutable_principals());
  if (wanted.routes()) add_all(directory.routes(), *out.mutable_routes());
  if (wanted.policy()) *out.mutable_policy() = directory.policy().row;
  if (wanted.disclosure()) *out.mutable_disclosure() = directory.disclosure().row;
  return out;
}

Result<v1::DirectorySheet> directory_sheet(const View& view,
                                           const v1::DirectorySheetRequest& asked) {
  return sheet_of(view, asked.team(), asked.at_us());
}
Result<v1::DirectorySheet> directory_sheet(const View& view, const v1::ReadSheet& asked) {
  return sheet_of(view, asked.team(), asked.at_us());
}

}  // namespace switchboard::server
