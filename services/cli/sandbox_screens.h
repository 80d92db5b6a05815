// The sandbox's gateways: whose screens there are, who may sign in, and with what.
//
// Owns: their configurations, and the pass phrase, which is made up anew for every sandbox and kept
// in two files of mode 0600 (for people to read; for `switchboard-gateway people` to take). A key
// is enrolled for all teams of one agency. Pure but for pages_beside() and make_pass_phrase().
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::cli {

struct SandboxGateway {
  std::string_view principal;    // "x99-screen"
  std::string_view agency;       // "X99"
  std::string_view config_file;  // "gateway-x99.toml"
  std::string_view place;        // on every page
  std::string_view help_phone;
  // Who sees there how the hub is, and the key that it asks the hub by; empty: nobody.
  std::string_view operator_person = {};
  std::string_view operator_principal = {};
};
struct SandboxPerson {
  std::string_view id;
  std::string_view role;
  std::string_view team;  // the first they belong to
};

inline constexpr const char* kSignInsFile = "sign-ins.txt";
inline constexpr const char* kPassPhraseFile = "keys/people.pass";

std::span<const SandboxGateway> sandbox_gateways();
// Who signs in at the gateway of this agency.
std::vector<SandboxPerson> sandbox_people_of(std::string_view agency);
// The teams that have a screen there.
std::vector<std::string_view> sandbox_teams_of(std::string_view agency);
std::string make_pass_phrase();
std::string sandbox_sign_ins(const std::string& pass_phrase);
// v1.GatewayConfig; addresses and pages are given by `sandbox run`.
std::string sandbox_gateway_config(const SandboxGateway& gateway,
                                   const std::string& hub_public_key);
// The built pages where an installation or a source tree has them; empty where they were not built.
std::filesystem::path pages_beside(const std::filesystem::path& programs);

}  // namespace switchboard::cli
