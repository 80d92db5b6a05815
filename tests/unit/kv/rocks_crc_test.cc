#include "broker/kv/rocks_crc.h"

#include <gtest/gtest.h>

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

#if defined(__x86_64__)
TEST(Crc32c, RocksDbCallsThisProgramsFunction) {
  EXPECT_EQ(crc32c_in_force().find("librocksdb"), std::string_view::npos) << crc32c_in_force();
  EXPECT_FALSE(crc32c_in_force().empty());
}
#endif

}  // namespace
}  // namespace switchboard::kv
