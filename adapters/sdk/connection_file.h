// The connection file (`--connect FILE`): where the hub is, and which key speaks for whom.
//
// Schema, defaults and errors: ConnectionFile in config.proto, read by broker/runtime/config.h;
// paths resolve against the file's folder. One file serves several teams: the identity is chosen by
// what a command is about. Fails: CODE_INVALID with every problem, one a line; CODE_NOT_FOUND with
// what there is to choose from.
#pragma once

#include <string>
#include <string_view>

#include "broker/base/result.h"
#include "broker/wire/dealer.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::sdk {

Result<v1::ConnectionFile> load_connection_file(const std::string& path);

// The first that may do it.
Result<v1::ConnectionIdentity> identity_of(const v1::ConnectionFile& file,
                                           std::string_view principal);
Result<v1::ConnectionIdentity> identity_for_team(const v1::ConnectionFile& file,
                                                 std::string_view team);
// `system` may be empty: any system of the agency.
Result<v1::ConnectionIdentity> identity_for_source(const v1::ConnectionFile& file,
                                                   std::string_view agency,
                                                   std::string_view system);
Result<v1::ConnectionIdentity> identity_for_admin(const v1::ConnectionFile& file);

// What a Dealer needs: the address, both keys. Reads the secret key file.
Result<wire::Dealer::Options> dial_hub(const v1::ConnectionFile& file,
                                       const v1::ConnectionIdentity& as);
Result<wire::Dealer::Options> dial_admin(const v1::ConnectionFile& file,
                                         const v1::ConnectionIdentity& as);

}  // namespace switchboard::sdk
