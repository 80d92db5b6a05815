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

__attribute__((target("sse4.2"))) uint32_t with_instruction(uint32_t before, const char* data,
                                                            size_t size) {
  uint64_t sum = before ^ 0xffffffffU;
  for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t), data += sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, data, sizeof word);
    sum = _mm_crc32_u64(sum, word);
  }
  for (; size > 0; --size, ++data) {
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
