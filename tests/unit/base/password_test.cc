#include "broker/base/password.h"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

constexpr PasswordCost kCheap{.passes = 1, .memory_bytes = 8192};

TEST(Password, OnlyTheSameBytesOpenIt) {
  const std::string hash = hash_password("correct horse", kCheap).value();
  EXPECT_EQ(hash.find("correct"), std::string::npos);
  EXPECT_TRUE(verify_password(hash, "correct horse"));
  EXPECT_FALSE(verify_password(hash, "correct hors"));
  EXPECT_FALSE(verify_password(hash, "Correct horse"));
  EXPECT_FALSE(verify_password(hash, ""));
}
TEST(Password, IsArgon2idWithASaltOfItsOwn) {
  const std::string one = hash_password("the same", kCheap).value();
  EXPECT_TRUE(one.starts_with("$argon2id$v=19$"));
  EXPECT_NE(one, hash_password("the same", kCheap).value());
}
TEST(Password, WhatIsNoHashOpensToNothing) {
  EXPECT_FALSE(verify_password("", ""));
  EXPECT_FALSE(verify_password("the same", "the same"));
  EXPECT_FALSE(verify_password(std::string(500, '$'), "x"));
}
TEST(Password, AHashOfAnotherCostIsMadeAgain) {
  const std::string hash = hash_password("x", kCheap).value();
  EXPECT_FALSE(needs_rehash(hash, kCheap));
  EXPECT_TRUE(needs_rehash(hash, {.passes = 2, .memory_bytes = 8192}));
  EXPECT_TRUE(needs_rehash(hash, {.passes = 1, .memory_bytes = 16384}));
  EXPECT_TRUE(needs_rehash("no hash", kCheap));
}
TEST(Password, IsNeverCutShort) {
  const std::string longest(kPasswordBytesMax, 'a');
  const std::string hash = hash_password(longest, kCheap).value();
  EXPECT_TRUE(verify_password(hash, longest));
  EXPECT_FALSE(verify_password(hash, longest + "a"));
  EXPECT_EQ(hash_password(longest + "a", kCheap).error().code, v1::CODE_INVALID);
}
TEST(Password, WhatIsWrittenByDefaultCostsAsMuchAsItsReasonSays) {
  const std::string hash = hash_password("x", {}).value();
  EXPECT_NE(hash.find("m=65536,t=3,p=1"), std::string::npos) << hash;
  EXPECT_TRUE(verify_password(hash, "x"));
}
TEST(Password, WipedIsEmpty) {
  std::string secret = "secret";
  wipe(secret);
  EXPECT_EQ(secret, "");
}

}  // namespace
}  // namespace switchboard
