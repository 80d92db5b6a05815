#include "broker/base/bytes.h"

#include <gtest/gtest.h>

namespace switchboard {

TEST(Bytes, BigEndianKeysSortAsNumbers) {
  std::string low, high;
  put_u64(low, 255);
  put_u64(high, 256);
  EXPECT_LT(low, high);
  EXPECT_EQ(get_u64(high), 256u);
}

TEST(Bytes, VarintsComeBack) {
  for (const uint64_t v : {uint64_t{0}, uint64_t{127}, uint64_t{128}, ~uint64_t{0}}) {
    std::string bytes;
    put_varint(bytes, v);
    std::string_view in = bytes;
    EXPECT_EQ(take_varint(in), v);
    EXPECT_TRUE(in.empty());
  }
}

TEST(Bytes, ACutVarintIsRefused) {
  std::string_view in = "\xff\xff";
  EXPECT_EQ(take_varint(in), std::nullopt);
}

TEST(Bytes, OddOrForeignHexIsRefused) {
  EXPECT_EQ(from_hex("abc"), std::nullopt);
  EXPECT_EQ(from_hex("zz"), std::nullopt);
  EXPECT_EQ(from_hex(to_hex("switch")), "switch");
}

}  // namespace switchboard
