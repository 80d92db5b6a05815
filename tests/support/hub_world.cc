#include "tests/support/hub_world.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace switchboard::test {
namespace {

constexpr std::chrono::seconds kAnswer{15};

v1::Agency agency_row(const std::string& id) {
  v1::Agency row;
  row.set_id(id);
  row.set_name("Agency " + id);
  row.set_safety_net_team(id + "-NET");
  return row;
}

v1::Person person_row(const std::string& id, const std::vector<std::string>& teams) {
  v1::Person row;
  row.set_id(id);
  row.set_name("Invented " + id);
  row.set_role("practitioner");
  for (const auto& team : teams) row.add_teams(team);
  return row;
}

}  // namespace

v1::Team team_row(const std::string& id, const std::string& agency, const std::string& kind) {
  v1::Team row;
  row.set_id(id);
  row.set_name("Team " + id);
  row.set_agency(agency);
  row.set_kind(kind);
  row.mutable_office()->set_phone("01632 960002");
  row.set_reach(v1::REACH_INBOX);
  row.set_environment(v1::ENVIRONMENT_TEST);
  return row;
}

v1::Route area_route(const std::string& id, const std::string& team, const std::string& area) {
  v1::Route row;
  row.set_id(id);
  row.set_team(team);
  row.mutable_clause()->set_area(area);
  return row;
}

v1::DisclosureRow disclosure_row(const std::string& kind, v1::Disclosure level) {
  v1::DisclosureRow row;
  row.add_kinds(kind);
  row.set_disclosure(level);
  row.set_reason("agreed");
  return row;
}

v1::Read read_inbox(const std::string& team) {
  v1::Read read;
  read.mutable_inbox()->set_team(team);
  read.mutable_inbox()->set_log(v1::LOG_KIND_INBOX);
  return read;
}

v1::Read read_event(const std::string& event_id) {
  v1::Read read;
  read.mutable_event()->set_event_id(event_id);
  return read;
}

HubWorld::HubWorld(const std::vector<std::string>& settings) {
  CHECK(hub.start(settings));
  v1::AdminRequest request;
  request.set_reason("first set-up");
  *request.mutable_apply()->mutable_directory() = directory();
  const auto applied = ask_with(hub.first_admin(), request);
  if (!applied.ok()) std::fprintf(stderr, "%s\n", applied.error().text.c_str());
  CHECK(applied.ok());
}

HubWorld::~HubWorld() {
  if (!hub.running()) return;
  EXPECT_EQ(hub.stop(), 0) << hub.log();
  std::string said;
  EXPECT_EQ(hub.verify(&said), 0) << said;
}

const wire::KeyPair& HubWorld::keys(const std::string& principal) {
  const auto it = keys_.find(principal);
  return it != keys_.end() ? it->second : keys_[principal] = wire::make_key_pair();
}

v1::PrincipalRow HubWorld::principal(const std::string& id, const std::string& agency,
                                     const std::vector<v1::Role>& roles,
                                     const std::vector<std::string>& teams) {
  v1::PrincipalRow row;
  row.set_id(id);
  row.set_public_key(keys(id).public_key);
  row.set_agency(agency);
  row.set_environment(v1::ENVIRONMENT_TEST);
  for (const auto role : roles) {
    row.add_roles(role);
    if (role == v1::ROLE_PUBLISHER) row.set_system("PAS");
  }
  for (const auto& team : teams) row.add_teams(team);
  row.set_assurance(v1::ASSURANCE_ASSERTED);
  return row;
}

v1::Directory HubWorld::directory() {
  v1::Directory d;
  *d.add_agencies() = agency_row("X26");
  *d.add_agencies() = agency_row("X99");
  *d.add_teams() = team_row("X26-NET", "X26", "safeguarding");
  *d.add_teams() = team_row("X26-MID", "X26", "midwifery");
  *d.add_teams() = team_row("X99-NET", "X99", "safeguarding");
  *d.add_teams() = team_row("X99-HV", "X99", "health_visiting");
  *d.add_people() = person_row("rosa", {"X99-HV"});
  *d.add_people() = person_row("omar", {"X99-HV"});
  *d.add_people() = person_row("mina", {"X26-MID"});
  *d.add_principals() = principal("x26-pas", "X26", {v1::ROLE_PUBLISHER});
  *d.add_principals() = principal("x99-pas", "X99", {v1::ROLE_PUBLISHER});
  *d.add_principals() = principal("x99-screen", "X99", {v1::ROLE_ENDPOINT}, {"X99-HV"});
  *d.add_principals() = principal("x26-screen", "X26", {v1::ROLE_ENDPOINT}, {"X26-MID", "X26-NET"});
  *d.add_principals() = principal("operator", "X26", {v1::ROLE_OPERATOR});
  *d.add_principals() = principal("admin", "X26", {v1::ROLE_ADMINISTRATOR, v1::ROLE_OPERATOR});
  *d.add_routes() = area_route("hv-area", "X99-HV", kArea);
  auto& disclosure = *d.mutable_disclosure();
  disclosure.set_id("default");
  *disclosure.add_rows() = disclosure_row("admission", v1::DISCLOSURE_FULL);
  *disclosure.add_rows() = disclosure_row("referral", v1::DISCLOSURE_POINTER);
  *disclosure.add_rows() = disclosure_row("discharge", v1::DISCLOSURE_WITHHELD);
  return d;  // ed_attendance: summary, as no row matches
}

wire::Dealer::Options HubWorld::dial(const std::string& principal) {
  return {.connect = hub.client_endpoint(),
          .keys = keys(principal),
          .hub_public_key = hub.public_key()};
}

std::unique_ptr<sdk::Client> HubWorld::publisher(const std::string& store,
                                                 const std::string& principal) {
  sdk::Client::Options options{.program = "test-publisher 1"};
  options.hub = dial(principal);
  options.dir = hub.dir().file(store);
  options.outbox = sdk::Outbox::Options{.bytes_max = uint64_t{256} << 20};
  return sdk::Client::open(context, options).value();
}

std::unique_ptr<sdk::Client> HubWorld::endpoint(const std::string& store,
                                                const std::string& principal,
                                                const std::string& team,
                                                sdk::Endpoint::Options reading) {
  if (reading.name.empty()) reading.name = store;
  sdk::Client::Options options{.program = "test-endpoint 1"};
  options.hub = dial(principal);
  options.dir = hub.dir().file(store);
  options.acts = true;
  options.logs = {{.team = team, .log = v1::LOG_KIND_INBOX, .reading = reading}};
  return sdk::Client::open(context, options).value();
}

Result<v1::AdminReply> HubWorld::ask_with(const wire::KeyPair& keys, v1::AdminRequest request) {
  TRY(auto client, sdk::AdminClient::open(context, {.connect = hub.admin_endpoint(),
                                                    .keys = keys,
                                                    .hub_public_key = hub.public_key()}));
  TRY(auto replies, client->ask(std::move(request), kAnswer));
  return std::move(replies.back());
}

Result<v1::AdminReply> HubWorld::ask(v1::AdminRequest request, const std::string& as) {
  return ask_with(keys(as), std::move(request));
}

Result<v1::AdminReply> HubWorld::apply(const v1::Directory& directory, const std::string& as) {
  v1::AdminRequest request;
  request.set_reason("the test says so");
  *request.mutable_apply()->mutable_directory() = directory;
  return ask(std::move(request), as);
}

v1::Status HubWorld::status() {
  v1::AdminRequest request;
  request.mutable_status();
  return ask(std::move(request)).value().status();
}

v1::TeamStatus HubWorld::team_status(const std::string& team) {
  const v1::Status now = status();
  for (const auto& row : now.teams()) {
    if (row.team() == team) return row;
  }
  return {};
}

}  // namespace switchboard::test
