// BLAKE2b-256, plain and keyed (libsodium). Keyed digests leave nothing to guess from: an NHS
// number has only ten digits. The key comes first among the bytes that are hashed (adr/0030): what
// is short costs one block of 128 bytes, not two.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace switchboard {

inline constexpr size_t kHashBytes = 32;
using Hash = std::array<uint8_t, kHashBytes>;
// 32 secret bytes.
using HashKey = std::array<uint8_t, 32>;

inline std::string_view view(const Hash& h) {
  return {reinterpret_cast<const char*>(h.data()), h.size()};
}
// CHECKs that there are 32 bytes.
Hash to_hash(std::string_view bytes);

// Fields are hashed with their lengths, so ("ab","c") and ("a","bc") differ.
class Hasher {
 public:
  Hasher() = default;
  explicit Hasher(const HashKey& key);
  Hasher& add(std::string_view field);      // length, then bytes
  Hasher& add_raw(std::string_view bytes);  // bytes only
  Hasher& add(uint64_t v);
  Hash finish();

 private:
  void begin();  // what is short is hashed at once and never begun
  // crypto_generichash_state is 384 bytes, 64-aligned; kept opaque so sodium.h stays in hash.cc.
  alignas(64) unsigned char state_[384];
  std::array<unsigned char, 128> waiting_;  // small fields gather to a block
  size_t waits_ = 0;
  bool begun_ = false;
};

Hash hash(std::string_view bytes);
Hash keyed_hash(const HashKey& key, std::string_view bytes);
bool equal_constant_time(std::string_view a, std::string_view b);
// A key for one use, derived from a master: the same master and name give the same key.
HashKey derive_key(const HashKey& master, std::string_view name);

}  // namespace switchboard
