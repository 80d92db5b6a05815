#include "broker/base/password.h"

#include <sodium.h>

#include <cstring>

#include "broker/base/check.h"

namespace switchboard {

static void begin_sodium() { CHECK(sodium_init() >= 0); }

Result<std::string> hash_password(std::string_view password, const PasswordCost& cost) {
  begin_sodium();
  if (password.size() > kPasswordBytesMax) {
    return error(v1::CODE_INVALID, "a password has at most 128 bytes");
  }
  char out[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str_alg(out, password.data(), password.size(), cost.passes, cost.memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return error(v1::CODE_BUSY, "no memory to hash a password");
  }
  return std::string(out);
}

bool verify_password(const std::string& hash, std::string_view password) {
  begin_sodium();
  if (hash.size() >= crypto_pwhash_STRBYTES || password.size() > kPasswordBytesMax) return false;
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool needs_rehash(const std::string& hash, const PasswordCost& cost) {
  begin_sodium();
  if (hash.size() >= crypto_pwhash_STRBYTES) return true;
  return crypto_pwhash_str_needs_rehash(hash.c_str(), cost.passes, cost.memory_bytes) != 0;
}

void wipe(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace switchboard
