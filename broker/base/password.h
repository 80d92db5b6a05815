// Passwords at rest: argon2id (RFC 9106, libsodium), salt and cost in the text.
//
// Slow and large on purpose, so on a thread of its own (services/gateway/password_worker.h).
// Passwords are bytes: the same letters typed as other code points are another password, as no
// Unicode normal form is attempted. Pure but for the salt. Thread: any. Fails: CODE_BUSY without
// memory for it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "broker/base/result.h"

namespace switchboard {

struct PasswordCost {
  // RFC 9106's second choice, 3 passes over 64 MiB: about 0.2 s of one core, so one worker answers
  // a shift's sign-ins within seconds and a stolen file gives up only the worst passwords.
  unsigned long long passes = 3;
  size_t memory_bytes = 64 * 1024 * 1024;
};

inline constexpr size_t kPasswordBytesMax = 128;

// CODE_INVALID over kPasswordBytesMax: bytes that are cut off protect nobody.
Result<std::string> hash_password(std::string_view password, const PasswordCost& cost);
// False also for what is no hash.
bool verify_password(const std::string& hash, std::string_view password);
// It was made at another cost: make it again while the password is at hand.
bool needs_rehash(const std::string& hash, const PasswordCost& cost);
// Overwrites what the string holds, and empties it.
void wipe(std::string& secret);

}  // namespace switchboard
