// Which keys each of the hub's two sockets lets in, by the directory in force and the time (P9).
//
// In force before a socket is bound: an enrolled client that knocks while the hub starts is not
// turned away. Thread: any one.
#pragma once

#include <string>

#include "broker/core/directory.h"
#include "broker/wire/zap.h"

namespace switchboard::server {

inline constexpr char kClientsDomain[] = "clients";
inline constexpr char kAdminsDomain[] = "admins";

// `first_admin_key` (or empty) counts while the directory has no administrator whose key is in
// force, unless it is enrolled itself.
void admit_keys(wire::Zap& zap, const core::Directory& directory,
                const std::string& first_admin_key, Time now);

}  // namespace switchboard::server
