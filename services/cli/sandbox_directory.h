// The sandbox's fictional world: agencies, their teams, people, keys, routes, policy.
//
// Owns: the directory file's text and the list of principals that keys are made for. Nothing here
// is real: ODS codes begin with X, telephone numbers are Ofcom's reserved ones. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "broker/base/london.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::cli {

struct SandboxPrincipal {
  std::string_view id;
  std::string_view agency;
  std::string_view system;  // of a publisher
  std::string_view team;    // of an endpoint
  v1::Role role;
  bool screen = false;  // a gateway: publishes, and reads for all teams of its agency
};

struct SandboxTeam {
  std::string_view id;
  std::string_view endpoint;  // principal of its always-on endpoint
};

std::span<const SandboxPrincipal> sandbox_principals();
std::span<const SandboxTeam> sandbox_teams();
// Commented TOML of v1.Directory; public keys (Z85) by principal. Numbers were tried some days
// before `today`, those of one team long ago.
std::string sandbox_directory(const std::map<std::string, std::string>& public_keys, Day today);
// An event as a person would write it.
std::string sandbox_concern();

}  // namespace switchboard::cli
