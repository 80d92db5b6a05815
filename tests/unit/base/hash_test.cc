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

// Small pieces are gathered to blocks of 128 bytes: where they are cut says nothing.
TEST(Hash, PiecesMakeTheDigestOfTheWhole) {
  std::string whole(700, '\0');
  for (size_t i = 0; i < whole.size(); ++i) whole[i] = static_cast<char>(i * 31);
  const HashKey key{7};
  for (const size_t piece : {1u, 7u, 8u, 95u, 96u, 97u, 127u, 128u, 129u, 256u, 700u}) {
    for (const size_t length : {0u, 95u, 96u, 97u, 127u, 128u, 129u, 255u, 256u, 257u, 700u}) {
      const std::string_view bytes = std::string_view(whole).substr(0, length);
      Hasher pieces, keyed(key);
      for (size_t at = 0; at < length; at += piece) {
        pieces.add_raw(bytes.substr(at, piece));
        keyed.add_raw(bytes.substr(at, piece));
      }
      EXPECT_EQ(pieces.finish(), hash(bytes)) << length << " by " << piece;
      EXPECT_EQ(keyed.finish(), keyed_hash(key, bytes)) << length << " by " << piece;
    }
  }
  EXPECT_EQ(to_hex(view(hash(std::string(300, 'a')))),
            "3c1292de00a518e36823f9ff908ac2da46be38718c018713403461df077e15f6");
}

TEST(Hash, KeysChangeTheDigest) {
  const HashKey a{1}, b{2};
  EXPECT_NE(keyed_hash(a, "9434765919"), keyed_hash(b, "9434765919"));
  EXPECT_NE(derive_key(a, "index"), derive_key(a, "digest"));
}

}  // namespace switchboard
