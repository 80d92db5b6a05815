#include "broker/core/sheet.h"

#include <algorithm>
#include <tuple>

#include "broker/core/duty.h"
#include "broker/core/ring.h"

namespace switchboard::core {
namespace {

// A contact of the directory names a role or a desk; the public list keeps to the team's name.
v1::Contact shown(v1::Contact contact, const v1::Team& team, SheetFor whom) {
  if (whom == SheetFor::kPublic && !contact.phone().empty()) contact.set_name(team.name());
  return contact;
}

// Whose number it is, of those who stand in for the team.
std::string owner_of(const Directory& directory, const v1::Team& team, const std::string& phone) {
  for (const v1::Team* other :
       {directory.team(team.spoc_team()), directory.team(team.edt_team())}) {
    if (other == nullptr) continue;
    if (other->office().phone() == phone || other->out_of_hours().phone() == phone) {
      return other->name();
    }
  }
  return team.switchboard().phone() == phone ? "switchboard" : team.name();
}

v1::Contact shown(v1::Contact contact, const Directory& directory, const v1::Team& team,
                  SheetFor whom) {
  if (whom == SheetFor::kPublic && !contact.phone().empty()) {
    contact.set_name(owner_of(directory, team, contact.phone()));
  }
  return contact;
}

// A local authority without a team on the hub still has numbers. Its hours are not known: both are
// shown.
v1::DirectoryEntry entry_of(const v1::Area& area) {
  const auto desk = [&](v1::Contact contact) {
    if (!contact.phone().empty()) contact.set_name(area.name());
    return contact;
  };
  v1::DirectoryEntry e;
  e.set_team(area.id());
  e.set_name(area.name());
  e.set_kind("local authority");
  *e.mutable_office() = desk(area.office());
  *e.mutable_out_of_hours() = desk(area.out_of_hours());
  *e.mutable_ring_now() = desk(area.office());
  if (!area.out_of_hours().phone().empty()) *e.add_fallback() = desk(area.out_of_hours());
  return e;
}

}  // namespace

v1::DirectoryEntry sheet_entry(const Directory& directory, const v1::Team& team, SheetFor whom,
                               Time at) {
  v1::DirectoryEntry e;
  e.set_team(team.id());
  e.set_name(team.name());
  e.set_agency(team.agency());
  if (const v1::Agency* agency = directory.agency(team.agency())) {
    e.set_agency_name(agency->name());
    if (whom == SheetFor::kTeam) e.set_safety_net(agency->safety_net_team());
  }
  e.set_kind(team.kind());
  e.set_on_hub(team.reach() != v1::REACH_PHONE);
  const Ring now = ring(directory, team, at);
  e.set_open_now(now.open);
  e.set_stale(now.stale);
  *e.mutable_ring_now() = shown(now.now, directory, team, whom);
  for (const auto& contact : now.fallback) {
    *e.add_fallback() = shown(contact, directory, team, whom);
  }
  *e.mutable_office() = shown(team.office(), team, whom);
  *e.mutable_out_of_hours() = shown(team.out_of_hours(), team, whom);
  e.set_hours(hours_in_words(team));
  e.set_last_verified(team.last_verified());
  if (whom == SheetFor::kPublic) return e;
  if (const v1::Person* person = on_duty(directory, team, at)) e.set_on_duty(person->name());
  return e;
}

v1::DirectorySheet directory_sheet(const Directory& directory, SheetFor whom, Time at) {
  std::vector<v1::DirectoryEntry> entries;
  for (const auto& [id, team] : directory.teams()) {
    if (team.row.closed() || team.row.environment() == v1::ENVIRONMENT_TEST) continue;
    entries.push_back(sheet_entry(directory, team.row, whom, at));
  }
  for (const auto& [id, area] : directory.areas()) {
    if (directory.team(area.row.social_care_team()) == nullptr)
      entries.push_back(entry_of(area.row));
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::tie(a.agency_name(), a.name()) < std::tie(b.agency_name(), b.name());
  });
  v1::DirectorySheet sheet;
  sheet.set_at_us(at.us);
  for (auto& entry : entries) *sheet.add_entries() = std::move(entry);
  return sheet;
}

}  // namespace switchboard::core
