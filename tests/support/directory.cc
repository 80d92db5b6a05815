#include "tests/support/directory.h"

#include <algorithm>
#include <cctype>

#include "broker/base/bytes.h"
#include "broker/base/hash.h"
#include "tests/support/builders.h"

namespace switchboard::support {
namespace {

// Forty characters, one of a kind per name: all that the core asks of a key.
std::string key_of(const std::string& name) {
  return to_hex(view(hash("key of " + name)).substr(0, 20));
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void add_agency(v1::Directory& d, const std::string& id, const std::string& name) {
  v1::Agency& agency = *d.add_agencies();
  agency.set_id(id);
  agency.set_name(name);
  agency.set_safety_net_team(id + "-SAFETY");
}

void add_teams(v1::Directory& d) {
  *d.add_teams() = make_team("X26-SAFETY", "X26", "safeguarding");
  *d.add_teams() = make_team("X26-MIDWIFERY", "X26", "midwifery");
  *d.add_teams() = make_team("X26-TRY", "X26", "safeguarding");
  d.mutable_teams(2)->set_environment(v1::ENVIRONMENT_TEST);
  *d.add_teams() = make_team("X99-SAFETY", "X99", "safeguarding");
  *d.add_teams() = make_team("X99-HV", "X99", "health_visiting", "X99-DUTY");
  *d.add_teams() = make_team("X99-DUTY", "X99", "health_visiting");
  *d.add_teams() = make_team("X99-MASH", "X99", "mash");
  for (const auto& team : d.teams()) {
    *d.add_principals() = make_endpoint(lower(team.id()), team.agency(), team.id());
  }
}

void add_people(v1::Directory& d) {
  *d.add_people() = make_person("amy", "Amy Example", "X99-HV");
  *d.add_people() = make_person("ben", "Ben Example", "X99-HV");
  *d.add_people() = make_person("cat", "Cat Example", "X99-DUTY");
  *d.add_people() = make_person("dev", "Dev Example", "X26-SAFETY");
  *d.add_people() = make_person("meg", "Meg Example", "X99-MASH");
  *d.add_people() = make_person("sue", "Sue Example", "X99-SAFETY");
}

void add_keys(v1::Directory& d) {
  *d.add_principals() = make_publisher("pas", "X26", "PAS");
  *d.add_principals() = make_publisher("rio", "X99", "RIO");
  v1::PrincipalRow only_test = make_publisher("try", "X26", "PAS");
  only_test.set_environment(v1::ENVIRONMENT_TEST);
  *d.add_principals() = only_test;
  v1::PrincipalRow& admin = *d.add_principals();
  admin.set_id("admin");
  admin.set_public_key(key_of("admin"));
  admin.add_roles(v1::ROLE_ADMINISTRATOR);
}

void add_routes(v1::Directory& d) {
  v1::Route under_five = area_route("hv-area", "X99-HV", kArea);
  under_five.mutable_ages()->set_below_months(60);
  under_five.mutable_ages()->set_unborn(true);
  *d.add_routes() = under_five;
  v1::Route mash = area_route("mash-area", "X99-MASH", kArea);
  mash.add_kinds("concern");
  mash.add_kinds("referral");
  mash.set_least_urgency(v1::URGENCY_URGENT);
  *d.add_routes() = mash;
  v1::Route known = area_route("mash-known", "X99-MASH", "");
  known.mutable_clause()->set_caseload(true);
  *d.add_routes() = known;
  v1::Route unborn = area_route("midwifery-place", "X26-MIDWIFERY", "");
  unborn.mutable_clause()->set_place(kPlace);
  unborn.mutable_ages()->set_only_unborn(true);
  *d.add_routes() = unborn;
  *d.add_routes() = area_route("try-area", "X26-TRY", kArea);
}

void add_policy_row(v1::Policy& policy, std::initializer_list<const char*> kinds, v1::Urgency least,
                    v1::Attention attention, uint32_t within_s) {
  v1::PolicyRow& row = *policy.add_rows();
  for (const char* kind : kinds) row.add_kinds(kind);
  row.set_least_urgency(least);
  row.set_attention(attention);
  row.set_acknowledge_within_s(within_s);
}

void add_policy(v1::Directory& d) {
  v1::Policy& policy = *d.mutable_policy();
  policy.set_id("default");
  add_policy_row(policy, {"concern"}, v1::URGENCY_IMMEDIATE, v1::ATTENTION_ACT, 1800);
  add_policy_row(policy, {"concern", "referral"}, v1::URGENCY_UNSPECIFIED, v1::ATTENTION_ACT, 7200);
  add_policy_row(policy, {}, v1::URGENCY_UNSPECIFIED, v1::ATTENTION_ACT, 3600);
  policy.mutable_rows(2)->add_causes(v1::CAUSE_SAFETY_NET);
  add_policy_row(policy, {"admission", "ed_attendance"}, v1::URGENCY_UNSPECIFIED, v1::ATTENTION_SEE,
                 0);
  add_policy_row(policy, {"discharge"}, v1::URGENCY_UNSPECIFIED, v1::ATTENTION_ACT, 86400);
  add_policy_row(policy, {"appointment"}, v1::URGENCY_UNSPECIFIED, v1::ATTENTION_FILE, 0);
  add_policy_row(policy, {"not_brought", "referral_outcome"}, v1::URGENCY_UNSPECIFIED,
                 v1::ATTENTION_ACT, 86400);
  add_policy_row(policy, {"death", "correction"}, v1::URGENCY_UNSPECIFIED, v1::ATTENTION_ACT,
                 14400);
  add_policy_row(
      policy, {"transfer", "leave", "admission_planned", "discharge_planned", "transfer_planned"},
      v1::URGENCY_UNSPECIFIED, v1::ATTENTION_SEE, 0);
  add_policy_row(policy, {"identity_changed", "document"}, v1::URGENCY_UNSPECIFIED,
                 v1::ATTENTION_FILE, 0);
  for (const char* kind : {"concern", "referral", "death"}) policy.add_must_reach_kinds(kind);
  v1::DisclosureRow& mash = *d.mutable_disclosure()->add_rows();
  d.mutable_disclosure()->set_id("default");
  mash.add_kinds("concern");
  mash.add_team_kinds("mash");
  mash.set_disclosure(v1::DISCLOSURE_FULL);
  mash.set_reason("statutory threshold decision");
}

}  // namespace

v1::Team make_team(const std::string& id, const std::string& agency, const std::string& kind,
                   const std::string& deputy) {
  v1::Team team;
  team.set_id(id);
  team.set_name("Team " + id);
  team.set_agency(agency);
  team.set_kind(kind);
  team.set_deputy_team(deputy);
  team.set_reach(v1::REACH_INBOX);
  team.set_environment(v1::ENVIRONMENT_LIVE);
  team.mutable_office()->set_phone("0123 496 0000");
  return team;
}

v1::Person make_person(const std::string& id, const std::string& name, const std::string& team) {
  v1::Person person;
  person.set_id(id);
  person.set_name(name);
  person.set_role("practitioner");
  person.add_teams(team);
  return person;
}

v1::PrincipalRow make_endpoint(const std::string& id, const std::string& agency,
                               const std::string& team) {
  v1::PrincipalRow row;
  row.set_id(id);
  row.set_public_key(key_of(id));
  row.set_agency(agency);
  row.add_teams(team);
  row.add_roles(v1::ROLE_ENDPOINT);
  row.set_assurance(v1::ASSURANCE_LOCAL_SIGN_IN);
  return row;
}

v1::PrincipalRow make_publisher(const std::string& id, const std::string& agency,
                                const std::string& system) {
  v1::PrincipalRow row;
  row.set_id(id);
  row.set_public_key(key_of(id));
  row.set_agency(agency);
  row.set_system(system);
  row.add_roles(v1::ROLE_PUBLISHER);
  row.set_environment(v1::ENVIRONMENT_LIVE);
  return row;
}

v1::Route area_route(const std::string& id, const std::string& team, const std::string& area) {
  v1::Route route;
  route.set_id(id);
  route.set_team(team);
  route.mutable_clause()->set_area(area);
  return route;
}

v1::Directory small_world() {
  v1::Directory d;
  add_agency(d, "X26", "Northmoor Acute");
  add_agency(d, "X99", "Eastvale Community");
  add_teams(d);
  add_people(d);
  add_keys(d);
  add_routes(d);
  add_policy(d);
  return d;
}

}  // namespace switchboard::support
