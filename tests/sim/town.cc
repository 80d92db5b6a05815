#include "tests/sim/town.h"

#include <array>

#include "broker/base/check.h"
#include "broker/base/london.h"
#include "broker/core/key_expiry.h"

namespace switchboard::sim {
namespace {

constexpr std::array kKeys{"pas", "rio", "x99-hv", "x99-duty", "x99-mash", "x26-safety"};
constexpr int32_t kRenewedForDays = 60;

}  // namespace

std::string Town::change(Fault kind) {
  v1::Directory rows;
  std::string words;
  if (kind == Fault::kRoute) words = turn_route(rows);
  if (kind == Fault::kTeamClosed) words = turn_team(rows);
  if (kind == Fault::kPersonGone) words = turn_person(rows);
  if (kind == Fault::kRevoked) words = turn_key(rows);
  if (kind == Fault::kKeyExpires) words = date_key(rows);
  if (kind == Fault::kPolicy) words = new_policy(rows);
  if (kind == Fault::kDisclosure) words = new_disclosure(rows);
  apply(rows);
  return words;
}

void Town::apply(const v1::Directory& rows) {
  v1::Apply change;
  *change.mutable_directory() = rows;
  v1::Applied applied;
  const v1::PrincipalRow who = hub_.hub().who("admin");
  hub_.operate([&](core::Core& core) { applied = core.apply(who, "ops", change); });
  CHECK(applied.problems_size() == 0);
}

std::string Town::turn_route(v1::Directory& rows) {
  constexpr std::array kRoutes{"hv-area", "mash-area", "mash-known", "midwifery-place"};
  const auto& id = kRoutes[faults_.numbers(Fault::kRoute).below(kRoutes.size())];
  v1::Route route = hub_.hub().core().directory()->route(id)->row;
  route.set_disabled(!route.disabled());
  *rows.add_routes() = route;
  return "route " + route.id() + (route.disabled() ? " is disabled" : " is enabled again");
}

std::string Town::turn_team(v1::Directory& rows) {
  constexpr std::array kTeams{"X99-DUTY", "X99-MASH", "X99-HV", "X26-MIDWIFERY"};
  v1::Team team = hub_.hub().team(kTeams[faults_.numbers(Fault::kTeamClosed).below(kTeams.size())]);
  team.set_closed(!team.closed());
  *rows.add_teams() = team;
  return "team " + team.id() + (team.closed() ? " closes" : " opens again");
}

std::string Town::turn_person(v1::Directory& rows) {
  constexpr std::array kPeople{"amy", "ben", "cat", "meg"};
  const auto& id = kPeople[faults_.numbers(Fault::kPersonGone).below(kPeople.size())];
  v1::Person person = *hub_.hub().core().directory()->person(id);
  person.set_disabled(!person.disabled());
  *rows.add_people() = person;
  return person.id() + (person.disabled() ? " leaves" : " is back");
}

std::string Town::turn_key(v1::Directory& rows) {
  v1::PrincipalRow key =
      hub_.hub().who(kKeys[faults_.numbers(Fault::kRevoked).below(kKeys.size())]);
  if (key.revoked()) {
    let_in(key, rows);
    return "the key of " + key.id() + " is let in again";
  }
  key.set_revoked(true);
  *rows.add_principals() = key;
  return "the key of " + key.id() + " is revoked";
}

// A key gets its last day, which is over at midnight; one that has it gets a later one.
std::string Town::date_key(v1::Directory& rows) {
  Random& random = faults_.numbers(Fault::kKeyExpires);
  v1::PrincipalRow key = hub_.hub().who(kKeys[random.below(kKeys.size())]);
  if (!key.expires().empty()) {
    let_in(key, rows);
    return "the key of " + key.id() + " is renewed";
  }
  key.set_expires(to_string(london_day(hub_.hub().now)));
  *rows.add_principals() = key;
  return "the key of " + key.id() + " has its last day";
}

std::string Town::renew() {
  const auto ending =
      core::expiring_keys(*hub_.hub().core().directory(), hub_.hub().now);  // the first comes first
  const bool out = !ending.empty() && ending.front().expired();
  if (!out || !faults_.numbers(Fault::kKeyExpires).chance(20)) return {};
  v1::Directory rows;
  let_in(hub_.hub().who(ending.front().principal()), rows);
  apply(rows);
  return "an administrator renews the key of " + ending.front().principal();
}

// A last day that it has may be over, or be so before anybody looks again.
void Town::let_in(v1::PrincipalRow key, v1::Directory& rows) {
  key.set_revoked(false);
  if (!key.expires().empty()) {
    key.set_expires(to_string(london_day(hub_.hub().now) + kRenewedForDays));
  }
  *rows.add_principals() = std::move(key);
}

// The first row has other times, and one level more or less.
std::string Town::new_policy(v1::Directory& rows) {
  Random& random = faults_.numbers(Fault::kPolicy);
  v1::Policy policy = hub_.hub().core().directory()->policy().row;
  v1::PolicyRow& row = *policy.mutable_rows(0);
  row.set_acknowledge_within_s(static_cast<uint32_t>(1800 * (1 + random.below(4))));
  row.set_receive_within_s(random.chance(500) ? 900 : 0);
  if (row.levels_size() > 2) {
    row.mutable_levels()->RemoveLast();
  } else {
    v1::EscalationLevel& more = *row.add_levels();
    more.set_after_s(static_cast<uint32_t>(600 * (1 + random.below(4))));
    more.add_tell(v1::ESCALATION_TO_SAFETY_NET);
  }
  *rows.mutable_policy() = policy;
  return "policy: act within " + std::to_string(row.acknowledge_within_s()) + " s, " +
         std::to_string(row.levels_size()) + " levels";
}

std::string Town::new_disclosure(v1::Directory& rows) {
  v1::DisclosureMatrix matrix = hub_.hub().core().directory()->disclosure().row;
  v1::DisclosureRow& mash = *matrix.mutable_rows(0);
  const bool full = mash.disclosure() == v1::DISCLOSURE_FULL;
  mash.set_disclosure(full ? v1::DISCLOSURE_POINTER : v1::DISCLOSURE_FULL);
  *rows.mutable_disclosure() = matrix;
  return std::string("concerns are shown to mash ") + (full ? "as pointers" : "in full");
}

void Town::heal() {
  v1::Directory rows;
  const auto& now = *hub_.hub().core().directory();
  for (const auto& [id, team] : now.teams()) {
    if (team.row.closed()) (*rows.add_teams() = team.row).set_closed(false);
  }
  for (const auto& [id, person] : now.people()) {
    if (person.row.disabled()) (*rows.add_people() = person.row).set_disabled(false);
  }
  for (const auto& [id, key] : now.principals()) {
    if (key.row.revoked() || !key.row.expires().empty()) let_in(key.row, rows);
  }
  apply(rows);
}

}  // namespace switchboard::sim
