#include "broker/core/ring.h"

namespace switchboard::core {
namespace {

constexpr uint32_t kStaleDays = 90;

v1::Contact named(v1::Contact contact, const std::string& name) {
  if (contact.name().empty()) contact.set_name(name);
  return contact;
}

// Not by number_now(): two teams may name each other, and each has a number of its own.
v1::Contact own_number(const Directory& directory, const v1::Team& team, Time at) {
  const bool open = directory.staffing(team).staffed(at);
  const bool out = !open && !team.out_of_hours().phone().empty();
  return named(out ? team.out_of_hours() : team.office(), team.name());
}

void add(std::vector<v1::Contact>& list, v1::Contact contact, const v1::Contact& first) {
  if (contact.phone().empty() || contact.phone() == first.phone()) return;
  for (const auto& known : list) {
    if (known.phone() == contact.phone()) return;
  }
  list.push_back(std::move(contact));
}

}  // namespace

v1::Contact number_now(const Directory& directory, const v1::Team& team, Time at) {
  if (directory.staffing(team).staffed(at)) return named(team.office(), team.name());
  if (!team.out_of_hours().phone().empty()) return named(team.out_of_hours(), team.name());
  if (const v1::Team* edt = directory.team(team.edt_team())) return own_number(directory, *edt, at);
  if (!team.switchboard().phone().empty()) return named(team.switchboard(), "switchboard");
  return named(team.office(), team.name());
}

bool is_stale(const Directory& directory, const v1::Team& team, Time at) {
  const auto verified = day_from_string(team.last_verified());
  if (!verified) return true;
  const uint32_t stated = directory.policy().row.stale_contact_days();
  const auto days = static_cast<int32_t>(stated == 0 ? kStaleDays : stated);
  return *verified + days < to_london(at).day;
}

Ring ring(const Directory& directory, const v1::Team& team, Time at) {
  Ring r;
  r.now = number_now(directory, team, at);
  r.open = directory.staffing(team).staffed(at);
  r.stale = is_stale(directory, team, at);
  if (const v1::Team* spoc = directory.team(team.spoc_team())) {
    add(r.fallback, own_number(directory, *spoc, at), r.now);
  }
  add(r.fallback, named(team.switchboard(), "switchboard"), r.now);
  if (const v1::Team* edt = directory.team(team.edt_team())) {
    add(r.fallback, own_number(directory, *edt, at), r.now);
  }
  return r;
}

}  // namespace switchboard::core
