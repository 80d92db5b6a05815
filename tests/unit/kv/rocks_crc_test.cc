#include "broker/kv/rocks_crc.h"

#include <gtest/gtest.h>

#include <string>

namespace switchboard::kv {
namespace {

TEST(Crc32c, IsTheOneOfTheStandard) {
  EXPECT_EQ(crc32c(""), 0u);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43u);
}

TEST(Crc32c, ASumGoesOnWhereItStopped) {
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes.push_back(static_cast<char>(i * 37));
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    EXPECT_EQ(crc32c(bytes.substr(cut), crc32c(bytes.substr(0, cut))), crc32c(bytes));
  }
}

// Bit by bit, as the standard defines it.
uint32_t by_definition(std::string_view bytes) {
  uint32_t sum = 0xffffffffU;
  for (const char c : bytes) {
    sum ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ (sum & 1 ? 0x82F63B78U : 0U);
  }
  return sum ^ 0xffffffffU;
}

TEST(Crc32c, IsTheSameForEveryLengthAndPlace) {
  std::string bytes;
  uint32_t next = 1;
  for (int i = 0; i < 8000; ++i)
    bytes.push_back(static_cast<char>((next = next * 1103515245) >> 16));
  for (const size_t size : {7, 8, 511, 1535, 1536, 1537, 1543, 3071, 3072, 3079, 4608, 7992}) {
    for (const size_t at : {0, 1, 5, 8}) {
      const auto part = std::string_view(bytes).substr(at, size);
      EXPECT_EQ(crc32c(part), by_definition(part)) << size << " bytes at " << at;
      const size_t cut = size / 3;
      EXPECT_EQ(crc32c(part.substr(cut), crc32c(part.substr(0, cut))), by_definition(part));
    }
  }
}

#if defined(__x86_64__)
TEST(Crc32c, RocksDbCallsThisProgramsFunction) {
  EXPECT_EQ(crc32c_in_force().find("librocksdb"), std::string_view::npos) << crc32c_in_force();
  EXPECT_FALSE(crc32c_in_force().empty());
}
#endif

}  // namespace
}  // namespace switchboard::kv
