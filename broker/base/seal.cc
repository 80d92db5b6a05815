#include "broker/base/seal.h"

#include <sodium.h>

#include <cstring>

namespace switchboard {

static const unsigned char* u8(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}

Entropy::Entropy(const std::array<uint8_t, 32>& seed) : key_(seed), used_(sizeof buffer_) {}

void Entropy::refill() {
  static constexpr uint8_t kNonce[crypto_stream_chacha20_NONCEBYTES] = {};
  buffer_.fill(0);
  // ChaCha20 blocks are 64 bytes; each refill goes on where the last one stopped.
  crypto_stream_chacha20_xor_ic(buffer_.data(), buffer_.data(), buffer_.size(), kNonce, block_,
                                key_.data());
  block_ += buffer_.size() / 64;
  used_ = 0;
}

void Entropy::fill(uint8_t* out, size_t n) {
  while (n > 0) {
    if (used_ == sizeof buffer_) refill();
    const size_t take = std::min(n, buffer_.size() - used_);
    std::memcpy(out, buffer_.data() + used_, take);
    used_ += take;
    out += take;
    n -= take;
  }
}

std::array<uint8_t, 32> os_random_32() {
  std::array<uint8_t, 32> out;
  CHECK(sodium_init() >= 0);
  randombytes_buf(out.data(), out.size());
  return out;
}
std::string os_random(size_t n) {
  std::string out(n, '\0');
  CHECK(sodium_init() >= 0);
  randombytes_buf(out.data(), n);
  return out;
}

void seal(const SealKey& key, Entropy& entropy, std::string_view plain, std::string_view bound,
          std::string& out) {
  const auto nonce = entropy.bytes<kSealNonceBytes>();
  const size_t start = out.size();
  out.resize(start + kSealOverhead + plain.size());
  auto* at = reinterpret_cast<unsigned char*>(out.data()) + start;
  std::memcpy(at, nonce.data(), nonce.size());
  crypto_aead_xchacha20poly1305_ietf_encrypt(at + kSealNonceBytes, nullptr, u8(plain), plain.size(),
                                             u8(bound), bound.size(), nullptr, nonce.data(),
                                             key.data());
}

Result<std::string> unseal(const SealKey& key, std::string_view sealed, std::string_view bound) {
  if (sealed.size() < kSealOverhead) return error(v1::CODE_INTERNAL, "sealed bytes are cut short");
  std::string plain(sealed.size() - kSealOverhead, '\0');
  const auto cipher = sealed.substr(kSealNonceBytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr, u8(cipher),
          cipher.size(), u8(bound), bound.size(), u8(sealed), key.data()) != 0) {
    return error(v1::CODE_INTERNAL, "sealed bytes fail authentication");
  }
  return plain;
}

}  // namespace switchboard
