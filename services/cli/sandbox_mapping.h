// The sandbox's two MLLP adapters: who feeds, and how that trust's HL7 becomes events. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace switchboard::cli {

struct SandboxSource {
  std::string_view principal;    // "x26-pas"
  std::string_view agency;       // "X26"
  std::string_view config_file;  // "mllp-x26.toml"
  std::string_view trust;
  std::string_view safety_net;
  std::string_view phone;
  std::string_view out_of_hours;
  std::string_view site_code;  // PV1-3.4 and ODS code of its one site
  std::string_view site_name;
};

std::span<const SandboxSource> sandbox_sources();
// v1.MllpConfig; addresses are given by `sandbox run`.
std::string sandbox_mllp_config(const SandboxSource& source, const std::string& hub_public_key);
std::string sandbox_mapping(const SandboxSource& source);

}  // namespace switchboard::cli
