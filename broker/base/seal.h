// Sealing at rest: XChaCha20-Poly1305 with a random nonce; a key per event, derived from the master
// key and a row of its own. Deleting that row erases the event (DESIGN §6, adr/0030).
//
// Randomness is an input (P12): Entropy is a stream expanded from 32 bytes the shell drew.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "broker/base/hash.h"
#include "broker/base/result.h"

namespace switchboard {

inline constexpr size_t kSealKeyBytes = 32;
inline constexpr size_t kSealNonceBytes = 24;
inline constexpr size_t kSealOverhead = kSealNonceBytes + 16;
using SealKey = std::array<uint8_t, kSealKeyBytes>;

// Deterministic bytes from a seed: equal seeds give equal streams.
class Entropy {
 public:
  explicit Entropy(const std::array<uint8_t, 32>& seed);
  void fill(uint8_t* out, size_t n);
  template <size_t N>
  std::array<uint8_t, N> bytes() {
    std::array<uint8_t, N> out;
    fill(out.data(), N);
    return out;
  }

 private:
  void refill();
  std::array<uint8_t, 32> key_;
  uint64_t block_ = 0;
  std::array<uint8_t, 1024> buffer_;
  size_t used_;
};

// 32 bytes of the operating system's randomness, for seeds and keys. Shell only.
std::array<uint8_t, 32> os_random_32();
std::string os_random(size_t n);

// nonce, ciphertext and tag are appended to `out`; `bound` is authenticated, not stored.
void seal(const SealKey& key, Entropy& entropy, std::string_view plain, std::string_view bound,
          std::string& out);
// CODE_INTERNAL if the bytes were altered or `bound` differs.
Result<std::string> unseal(const SealKey& key, std::string_view sealed, std::string_view bound);

}  // namespace switchboard
