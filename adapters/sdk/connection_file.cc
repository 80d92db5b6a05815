#include "adapters/sdk/connection_file.h"

#include <algorithm>

#include "broker/runtime/config.h"

namespace switchboard::sdk {
namespace {

template <typename Fits>
Result<v1::ConnectionIdentity> choose(const v1::ConnectionFile& file, const std::string& wanted,
                                      Fits fits) {
  std::string there;
  for (const auto& identity : file.identity()) {
    if (fits(identity)) return identity;
    there += (there.empty() ? "" : ", ") + identity.principal();
  }
  return error(v1::CODE_NOT_FOUND, "the connection file has no identity " + wanted +
                                       "; it has: " + (there.empty() ? "none" : there));
}

Result<wire::Dealer::Options> dial(const v1::ConnectionFile& file, const std::string& address,
                                   const v1::ConnectionIdentity& as) {
  if (address.empty()) return error(v1::CODE_INVALID, "the connection file has no such address");
  if (!wire::is_public_key(file.hub_public_key())) {
    return error(v1::CODE_INVALID, "hub_public_key is not a key: 40 characters of Z85");
  }
  wire::Dealer::Options options{.connect = address};
  TRY(options.keys, wire::load_key_pair(as.secret_key_file()));
  options.hub_public_key = file.hub_public_key();
  return options;
}

}  // namespace

Result<v1::ConnectionFile> load_connection_file(const std::string& path) {
  TRY(auto config, load_config<v1::ConnectionFile>(path));
  return std::move(config.settings);
}

Result<v1::ConnectionIdentity> identity_of(const v1::ConnectionFile& file,
                                           std::string_view principal) {
  return choose(file, "named " + std::string(principal),
                [&](const auto& identity) { return identity.principal() == principal; });
}

Result<v1::ConnectionIdentity> identity_for_team(const v1::ConnectionFile& file,
                                                 std::string_view team) {
  return choose(file, "that reads team " + std::string(team), [&](const auto& identity) {
    return std::find(identity.teams().begin(), identity.teams().end(), team) !=
           identity.teams().end();
  });
}

Result<v1::ConnectionIdentity> identity_for_source(const v1::ConnectionFile& file,
                                                   std::string_view agency,
                                                   std::string_view system) {
  return choose(file, "that publishes for agency " + std::string(agency),
                [&](const auto& identity) {
                  return !identity.system().empty() && identity.agency() == agency &&
                         (system.empty() || identity.system() == system);
                });
}

Result<v1::ConnectionIdentity> identity_for_admin(const v1::ConnectionFile& file) {
  return choose(file, "for the admin socket",
                [](const auto& identity) { return identity.admin(); });
}

Result<wire::Dealer::Options> dial_hub(const v1::ConnectionFile& file,
                                       const v1::ConnectionIdentity& as) {
  return dial(file, file.connect(), as);
}

Result<wire::Dealer::Options> dial_admin(const v1::ConnectionFile& file,
                                         const v1::ConnectionIdentity& as) {
  return dial(file, file.admin(), as);
}

}  // namespace switchboard::sdk
