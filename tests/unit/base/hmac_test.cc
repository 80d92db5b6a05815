#include "broker/base/hmac.h"

#include <gtest/gtest.h>

#include "broker/base/bytes.h"

namespace switchboard {
namespace {

std::string hex_of(const HmacSha256& mac) {
  return to_hex({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

TEST(Hmac, GivesTheVectorsOfRfc4231) {
  EXPECT_EQ(hex_of(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex_of(hmac_sha256(std::string(131, '\xaa'),
                               "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace switchboard
