#include "broker/base/postcode.h"

#include <gmock/gmock.h>

namespace switchboard {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Postcode, HasItsPrefixesFromTheWholeToTheLetters) {
  EXPECT_THAT(postcode_prefixes("XA1 2BC"), ElementsAre("XA1 2BC", "XA1 2B", "XA1 2", "XA1", "XA"));
  EXPECT_THAT(postcode_prefixes("X1A 2BC"),
              ElementsAre("X1A 2BC", "X1A 2B", "X1A 2", "X1A", "X1", "X"));
}
TEST(Postcode, IsReadAsPeopleWriteIt) {
  for (const char* written : {"XA1 2BC", "xa12bc", " Xa1  2bC ", "XA1\t2BC\n"}) {
    EXPECT_EQ(postcode_prefixes(written).front(), "XA1 2BC") << written;
  }
  EXPECT_THAT(postcode_prefixes("xa12"), ElementsAre("XA12", "XA"));
  EXPECT_THAT(postcode_prefixes("XA1 2"), ElementsAre("XA1 2", "XA1", "XA"));
}
// XA12 is another district than XA1, and may lie in another authority.
TEST(Postcode, OfOneDistrictLiesInNoOtherThatBeginsLikeIt) {
  EXPECT_THAT(postcode_prefixes("XA1 2BC"), testing::Not(testing::Contains("XA12")));
  EXPECT_THAT(postcode_prefixes("XA12 2BC"), testing::Not(testing::Contains("XA1")));
  EXPECT_THAT(postcode_prefixes("XA122BC"), testing::Contains("XA12"));
}
TEST(Postcode, WhatIsNoneHasNoPrefixes) {
  for (const char* text : {"", " ", "1", "123 4AB", "XAB1 2BC", "XA1 BBC", "XA 2BC", "XA1 2BCD",
                           "not known", "XA12B"}) {
    EXPECT_THAT(postcode_prefixes(text), IsEmpty()) << text;
  }
}
TEST(Postcode, APrefixIsWrittenInOneWayOnly) {
  for (const char* good : {"X", "XA", "XA1", "XA12", "X1A", "XA1 2", "XA1 2BC"}) {
    EXPECT_TRUE(is_postcode_prefix(good)) << good;
  }
  for (const char* bad : {"", "xa1", "XA12BC", "XA1  2", "XA1 ", "1XA"}) {
    EXPECT_FALSE(is_postcode_prefix(bad)) << bad;
  }
}

}  // namespace switchboard
