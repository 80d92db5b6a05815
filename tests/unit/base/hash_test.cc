#include "broker/base/hash.h"

#include <gtest/gtest.h>

#include "broker/base/bytes.h"

namespace switchboard {

// RFC 7693 gives BLAKE2b-512 only; this value is b2sum -l 256 of "abc".
TEST(Hash, IsBlake2b256) {
  EXPECT_EQ(to_hex(view(hash("abc"))),
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(Hash, FieldsDoNotRunIntoEachOther) {
  EXPECT_NE(Hasher().add("ab").add("c").finish(), Hasher().add("a").add("bc").finish());
}

TEST(Hash, KeysChangeTheDigest) {
  const HashKey a{1}, b{2};
  EXPECT_NE(keyed_hash(a, "9434765919"), keyed_hash(b, "9434765919"));
  EXPECT_NE(derive_key(a, "index"), derive_key(a, "digest"));
}

}  // namespace switchboard
