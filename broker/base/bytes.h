// Big-endian integers and hex for keys and ids. Strings hold bytes; views borrow.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard {

inline void put_u8(std::string& out, uint8_t v) { out.push_back(static_cast<char>(v)); }
inline void put_u32(std::string& out, uint32_t v) {
  const uint32_t be = __builtin_bswap32(v);
  out.append(reinterpret_cast<const char*>(&be), sizeof be);
}
inline void put_u64(std::string& out, uint64_t v) {
  const uint64_t be = __builtin_bswap64(v);
  out.append(reinterpret_cast<const char*>(&be), sizeof be);
}
// The caller has checked that the bytes are there.
inline uint32_t get_u32(std::string_view in) {
  uint32_t be;
  std::memcpy(&be, in.data(), sizeof be);
  return __builtin_bswap32(be);
}
inline uint64_t get_u64(std::string_view in) {
  uint64_t be;
  std::memcpy(&be, in.data(), sizeof be);
  return __builtin_bswap64(be);
}
// LEB128, at most 10 bytes.
inline void put_varint(std::string& out, uint64_t v) {
  while (v >= 0x80) {
    out.push_back(static_cast<char>(v | 0x80));
    v >>= 7;
  }
  out.push_back(static_cast<char>(v));
}
// Takes a varint off the front of `in`; nothing if it is cut short or too long.
inline std::optional<uint64_t> take_varint(std::string_view& in) {
  uint64_t v = 0;
  for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    v |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (!(byte & 0x80)) return v;
  }
  return std::nullopt;
}

std::string to_hex(std::string_view bytes);
// Nothing unless `hex` is pairs of hex digits.
std::optional<std::string> from_hex(std::string_view hex);

}  // namespace switchboard
