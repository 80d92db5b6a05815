// HMAC-SHA256 (RFC 2104, libsodium): what receivers of webhooks everywhere can check.
//
// For signatures that others verify only; the hub's own digests are BLAKE2b (hash.h). Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace switchboard {

using HmacSha256 = std::array<uint8_t, 32>;
HmacSha256 hmac_sha256(std::string_view key, std::string_view message);

}  // namespace switchboard
