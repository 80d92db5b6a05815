#include "broker/base/seal.h"

#include <gtest/gtest.h>

namespace switchboard {

TEST(Seal, OpensOnlyWithItsKeyAndItsPlace) {
  Entropy entropy({1});
  const SealKey key{7}, other{8};
  std::string sealed;
  seal(key, entropy, "a child's name", "position 1", sealed);
  EXPECT_EQ(sealed.find("child"), std::string::npos);
  EXPECT_EQ(unseal(key, sealed, "position 1").value(), "a child's name");
  EXPECT_FALSE(unseal(other, sealed, "position 1").ok());
  EXPECT_FALSE(unseal(key, sealed, "position 2").ok());
}

TEST(Seal, OneFlippedBitIsFound) {
  Entropy entropy({1});
  const SealKey key{7};
  std::string sealed;
  seal(key, entropy, "x", "", sealed);
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string bad = sealed;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_FALSE(unseal(key, bad, "").ok()) << "byte " << i;
  }
  EXPECT_FALSE(unseal(key, sealed.substr(0, 10), "").ok());
}

TEST(Entropy, EqualSeedsGiveEqualStreamsWhateverThePieces) {
  Entropy a({5}), b({5}), c({6});
  std::array<uint8_t, 3000> one{}, two{}, three{};
  a.fill(one.data(), one.size());
  for (size_t i = 0; i < two.size(); i += 100) b.fill(two.data() + i, 100);
  c.fill(three.data(), three.size());
  EXPECT_EQ(one, two);
  EXPECT_NE(one, three);
}

}  // namespace switchboard
