// Which passwords may be chosen: length and a list of the worst, as NCSC and NIST SP 800-63B
// advise.
//
// No rules of composition and no expiry: they make people choose worse ones and write them down.
// Pure. Thread: any. Fails: CODE_INVALID with what to do; never says the password.
#pragma once

#include <string_view>

#include "broker/base/result.h"

namespace switchboard::gateway {

inline constexpr size_t kPasswordCharactersMin = 10;

// `id` and `name` of the person it is for; the name may be empty where it is not known.
Status check_new_password(std::string_view password, std::string_view id, std::string_view name);

}  // namespace switchboard::gateway
