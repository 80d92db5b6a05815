#include "tests/bench/hub_directory.h"

namespace switchboard::bench {
namespace {

constexpr const char* kAgency = "X26";
constexpr const char* kSafetyNet = "X26-safety-net";
constexpr const char* kArea = "E09000033";

void add_team(v1::Directory& directory, const std::string& id) {
  auto& team = *directory.add_teams();
  team.set_id(id);
  team.set_name(id);
  team.set_agency(kAgency);
  team.set_kind("health_visiting");
  team.mutable_office()->set_phone("020 7946 0101");
  team.set_reach(v1::REACH_INBOX);
  team.set_environment(v1::ENVIRONMENT_LIVE);
}

v1::PrincipalRow& add_principal(v1::Directory& directory, const std::string& id,
                                const std::string& key, v1::Role role) {
  auto& principal = *directory.add_principals();
  principal.set_id(id);
  principal.set_public_key(key);
  principal.set_agency(kAgency);
  principal.set_environment(v1::ENVIRONMENT_LIVE);
  principal.add_roles(role);
  return principal;
}

}  // namespace

v1::Directory make_directory(const HubDirectory& wanted) {
  v1::Directory directory;
  auto& agency = *directory.add_agencies();
  agency.set_id(kAgency);
  agency.set_name("Invented Hospitals");
  agency.set_safety_net_team(kSafetyNet);
  add_team(directory, kSafetyNet);
  add_principal(directory, "bench-publisher", wanted.publisher_key, v1::ROLE_PUBLISHER)
      .set_system("PAS");
  auto& endpoint =
      add_principal(directory, "bench-endpoint", wanted.endpoint_key, v1::ROLE_ENDPOINT);
  for (int64_t n = 1; n <= wanted.teams; ++n) {
    const std::string id = "team-" + std::to_string(n);
    add_team(directory, id);
    endpoint.add_teams(id);
    auto& route = *directory.add_routes();
    route.set_id("area-" + std::to_string(n));
    route.set_team(id);
    route.mutable_clause()->set_area(kArea);
  }
  auto& row = *directory.mutable_policy()->add_rows();
  directory.mutable_policy()->set_id("default");
  row.set_attention(wanted.attention);
  if (wanted.attention == v1::ATTENTION_ACT) row.set_acknowledge_within_s(4 * 3600);
  return directory;
}

}  // namespace switchboard::bench
