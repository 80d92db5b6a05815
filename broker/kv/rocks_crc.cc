#include "broker/kv/rocks_crc.h"

#include <dlfcn.h>

#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace {

// rocksdb::crc32c::Extend(unsigned, const char*, size_t): an interface that RocksDB installs no
// header for.
constexpr const char* kExtend = "_ZN7rocksdb6crc32c6ExtendEjPKcm";
using Extend = uint32_t (*)(uint32_t, const char*, size_t);

}  // namespace

#if defined(__x86_64__)

namespace {

// One instruction takes three cycles and could begin in each: three stretches of this many bytes
// are summed at once, then put together.
constexpr size_t kStretchBytes = 512;

__attribute__((target("sse4.2"))) uint64_t sum_words(uint64_t sum, const char* data, size_t bytes) {
  for (size_t at = 0; at < bytes; at += sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, data + at, sizeof word);
    sum = _mm_crc32_u64(sum, word);
  }
  return sum;
}

// What a sum becomes by a stretch of zeros: linear, so made up of what its four bytes become.
class Shift {
 public:
  Shift() {
    static constexpr char kZeros[kStretchBytes] = {};
    for (size_t byte = 0; byte < 4; ++byte) {
      for (uint32_t bit = 1; bit < 256; bit *= 2) {
        const uint64_t shifted = sum_words(uint64_t{bit} << (8 * byte), kZeros, kStretchBytes);
        for (uint32_t low = 0; low < bit; ++low) {
          becomes_[byte][bit + low] = becomes_[byte][low] ^ static_cast<uint32_t>(shifted);
        }
      }
    }
  }
  uint64_t operator()(uint64_t sum) const {
    return becomes_[0][sum & 255] ^ becomes_[1][sum >> 8 & 255] ^ becomes_[2][sum >> 16 & 255] ^
           becomes_[3][sum >> 24 & 255];
  }

 private:
  uint32_t becomes_[4][256] = {};
};

__attribute__((target("sse4.2"))) uint64_t sum_stretches(const Shift& shift, uint64_t sum,
                                                         const char* data) {
  uint64_t second = 0, third = 0;
  for (size_t at = 0; at < kStretchBytes; at += sizeof(uint64_t)) {
    uint64_t words[3];
    for (size_t i = 0; i < 3; ++i) std::memcpy(&words[i], data + i * kStretchBytes + at, 8);
    sum = _mm_crc32_u64(sum, words[0]);
    second = _mm_crc32_u64(second, words[1]);
    third = _mm_crc32_u64(third, words[2]);
  }
  return shift(shift(sum) ^ second) ^ third;
}

__attribute__((target("sse4.2"))) uint32_t with_instruction(uint32_t before, const char* data,
                                                            size_t size) {
  static const Shift shift;
  uint64_t sum = before ^ 0xffffffffU;
  for (; size >= 3 * kStretchBytes; size -= 3 * kStretchBytes, data += 3 * kStretchBytes) {
    sum = sum_stretches(shift, sum, data);
  }
  const size_t words = size & ~size_t{7};
  sum = sum_words(sum, data, words);
  for (data += words, size -= words; size > 0; --size, ++data) {
    sum = _mm_crc32_u8(static_cast<uint32_t>(sum), static_cast<uint8_t>(*data));
  }
  return static_cast<uint32_t>(sum) ^ 0xffffffffU;
}

Extend choose() {
  if (__builtin_cpu_supports("sse4.2")) return with_instruction;
  return reinterpret_cast<Extend>(::dlsym(RTLD_NEXT, kExtend));  // RocksDB's own, with tables
}

}  // namespace

// NOLINTNEXTLINE: the name is RocksDB's.
namespace rocksdb::crc32c {

// Visible to the dynamic linker whatever the build hides.
__attribute__((visibility("default"))) uint32_t Extend(uint32_t before, const char* data,
                                                       size_t size);
uint32_t Extend(uint32_t before, const char* data, size_t size) {
  static const auto chosen = choose();
  return chosen(before, data, size);
}

}  // namespace rocksdb::crc32c

#else

namespace rocksdb::crc32c {
uint32_t Extend(uint32_t before, const char* data, size_t size);
}

#endif

namespace switchboard::kv {

uint32_t crc32c(std::string_view bytes, uint32_t before) {
  return rocksdb::crc32c::Extend(before, bytes.data(), bytes.size());
}

std::string_view crc32c_in_force() {
  Dl_info where{};
  const void* found = ::dlsym(RTLD_DEFAULT, kExtend);
  if (found == nullptr || ::dladdr(found, &where) == 0) return {};
  return where.dli_fname;
}

}  // namespace switchboard::kv
