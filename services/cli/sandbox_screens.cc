#include "services/cli/sandbox_screens.h"

#include <algorithm>
#include <array>

#include "broker/base/seal.h"
#include "services/cli/sandbox_directory.h"

namespace switchboard::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array kGateways = {
    SandboxGateway{"x26-screen", "X26", "gateway-x26.toml", "Northmoor Hospitals (fictional)",
                   "01632 960100", "ruth.hollis", "x26-screen-operator"},
    SandboxGateway{"x99-screen", "X99", "gateway-x99.toml", "Southfen Community (fictional)",
                   "01632 960140"},
    SandboxGateway{"x70-screen", "X70", "gateway-x70.toml", "Northmoor Council (fictional)",
                   "01632 960160"},
};

// As the directory file has them (a test holds them to it), each agency's first the one to try.
constexpr std::array kPeople = {
    SandboxPerson{"ben.carver", "safeguarding nurse, emergency department", "X26-ED"},
    SandboxPerson{"amara.osei", "specialist midwife", "X26-MIDWIFERY"},
    SandboxPerson{"ruth.hollis", "named nurse", "X26-SAFEGUARDING"},
    SandboxPerson{"chloe.ng", "health visitor", "X99-HEALTH-VISITING"},
    SandboxPerson{"tomos.price", "named nurse", "X99-SAFEGUARDING"},
    SandboxPerson{"kit.marsh", "school nurse", "X99-SCHOOL-NURSING"},
    SandboxPerson{"ines.duarte", "referral coordinator", "X99-SPOC"},
    SandboxPerson{"dev.patel", "social worker", "X70-MASH"},
    SandboxPerson{"orla.finn", "social worker, emergency duty", "X70-DUTY"},
    SandboxPerson{"sol.abbot", "social worker", "X70-SOCIAL-CARE"},
};

// 32 words that nobody mishears.
constexpr std::array<std::string_view, 32> kWords = {
    "amber",  "basket", "candle", "dragon",  "ember",    "falcon",  "garden",  "harbour",
    "island", "jacket", "kettle", "lantern", "meadow",   "needle",  "orchard", "pepper",
    "quarry", "ribbon", "saddle", "timber",  "umbrella", "velvet",  "willow",  "yellow",
    "anchor", "button", "copper", "donkey",  "engine",   "feather", "goblet",  "hammer"};

constexpr const char* kConfig = R"(# The screens of @PLACE@.
# The hub's address, the port and the pages are given by `switchboard sandbox run`, with --set.

listen = "127.0.0.1:0"        # plain HTTP, which is allowed on loopback only
state_dir = "@PRINCIPAL@"
web_dir = "pages"
team = [@TEAMS@]
place = "@PLACE@"
help_name = "Switchboard of this place"
help_phone = "@PHONE@"
publish_agency = "@AGENCY@"
publish_system = "SCREEN"
@OPERATORS@
[hub]
connect = "tcp://127.0.0.1:0"
hub_public_key = '@HUB_KEY@'
secret_key_file = "keys/@PRINCIPAL@.key"
)";

// How the hub is, at a screen: with a key of its own, by which the gateway only asks.
constexpr const char* kOperators = R"(
operator = ["@PERSON@"]       # sees the page "The hub"
operator_connect = "tcp://127.0.0.1:0"
operator_key_file = "keys/@KEY@.key"
)";

bool belongs(std::string_view team, std::string_view agency) {
  return team.starts_with(agency) && team.substr(agency.size()).starts_with('-');
}

void fill(std::string& text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), with);
    at += with.size();
  }
}

}  // namespace

std::span<const SandboxGateway> sandbox_gateways() { return kGateways; }

std::vector<SandboxPerson> sandbox_people_of(std::string_view agency) {
  std::vector<SandboxPerson> out;
  std::copy_if(kPeople.begin(), kPeople.end(), std::back_inserter(out),
               [&](const SandboxPerson& person) { return belongs(person.team, agency); });
  return out;
}

std::vector<std::string_view> sandbox_teams_of(std::string_view agency) {
  std::vector<std::string_view> out;
  for (const SandboxTeam& team : sandbox_teams()) {
    if (belongs(team.id, agency)) out.push_back(team.id);
  }
  return out;
}

std::string make_pass_phrase() {
  std::string out;
  for (const char byte : os_random(6)) {
    out += (out.empty() ? "" : "-") + std::string(kWords[static_cast<uint8_t>(byte) % 32]);
  }
  return out;
}

std::string sandbox_sign_ins(const std::string& pass_phrase) {
  std::string out = "Everybody in this sandbox signs in with:  " + pass_phrase +
                    "\n`switchboard sandbox run` says where.\n";
  for (const SandboxGateway& gateway : kGateways) {
    out += "\n" + std::string(gateway.place) + "\n";
    for (const SandboxPerson& person : sandbox_people_of(gateway.agency)) {
      std::string id(person.id);
      id.resize(std::max(id.size() + 2, size_t{14}), ' ');
      out += "  " + id + std::string(person.role) + "\n";
    }
  }
  return out;
}

std::string sandbox_gateway_config(const SandboxGateway& gateway,
                                   const std::string& hub_public_key) {
  std::string teams;
  for (const std::string_view team : sandbox_teams_of(gateway.agency)) {
    teams += (teams.empty() ? "\"" : ", \"") + std::string(team) + "\"";
  }
  std::string text = kConfig;
  fill(text, "@OPERATORS@", gateway.operator_person.empty() ? "" : kOperators);
  fill(text, "@PERSON@", gateway.operator_person);
  fill(text, "@KEY@", gateway.operator_principal);
  fill(text, "@PRINCIPAL@", gateway.principal);
  fill(text, "@AGENCY@", gateway.agency);
  fill(text, "@PLACE@", gateway.place);
  fill(text, "@PHONE@", gateway.help_phone);
  fill(text, "@TEAMS@", teams);
  fill(text, "@HUB_KEY@", hub_public_key);
  return text;
}

fs::path pages_beside(const fs::path& programs) {
  std::error_code absent;
  for (const char* place : {"../share/switchboard/web", "../../../services/gateway/web/dist"}) {
    const fs::path pages = (programs / place).lexically_normal();
    if (fs::exists(pages / "index.html", absent)) return pages;
  }
  return {};
}

}  // namespace switchboard::cli
