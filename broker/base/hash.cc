#include "broker/base/hash.h"

#include <sodium.h>

#include <cstring>

#include "broker/base/bytes.h"
#include "broker/base/check.h"

namespace switchboard {

static crypto_generichash_state* state(unsigned char* bytes) {
  return reinterpret_cast<crypto_generichash_state*>(bytes);
}

Hash to_hash(std::string_view bytes) {
  CHECK(bytes.size() == kHashBytes);
  Hash h;
  std::memcpy(h.data(), bytes.data(), h.size());
  return h;
}

// libsodium's own keyed mode would give the key a block of its own.
Hasher::Hasher(const HashKey& key) {
  std::memcpy(waiting_.data(), key.data(), key.size());
  waits_ = key.size();
}
void Hasher::begin() {
  static_assert(sizeof(crypto_generichash_state) <= sizeof state_);
  if (!begun_) crypto_generichash_init(state(state_), nullptr, 0, kHashBytes);
  begun_ = true;
  crypto_generichash_update(state(state_), waiting_.data(), waits_);
  waits_ = 0;
}
Hasher& Hasher::add(std::string_view field) { return add(uint64_t{field.size()}).add_raw(field); }
Hasher& Hasher::add_raw(std::string_view bytes) {
  if (waits_ + bytes.size() > waiting_.size()) begin();
  if (bytes.size() > waiting_.size()) {
    crypto_generichash_update(state(state_), reinterpret_cast<const unsigned char*>(bytes.data()),
                              bytes.size());
  } else if (!bytes.empty()) {
    std::memcpy(waiting_.data() + waits_, bytes.data(), bytes.size());
    waits_ += bytes.size();
  }
  return *this;
}
Hasher& Hasher::add(uint64_t v) {
  const uint64_t be = __builtin_bswap64(v);
  return add_raw({reinterpret_cast<const char*>(&be), sizeof be});
}
Hash Hasher::finish() {
  Hash h;
  if (!begun_) {
    crypto_generichash(h.data(), h.size(), waiting_.data(), waits_, nullptr, 0);
    return h;
  }
  begin();
  crypto_generichash_final(state(state_), h.data(), h.size());
  return h;
}

Hash hash(std::string_view bytes) { return Hasher().add_raw(bytes).finish(); }
Hash keyed_hash(const HashKey& key, std::string_view bytes) {
  return Hasher(key).add_raw(bytes).finish();
}
bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}
HashKey derive_key(const HashKey& master, std::string_view name) {
  return Hasher(master).add(name).finish();
}

}  // namespace switchboard
