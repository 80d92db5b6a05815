#include "services/cli/postcode_file.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"

namespace switchboard::cli {
namespace {

using ::testing::HasSubstr;

TEST(PostcodeFile, IsReadWithOrWithoutHeadingQuotesAndCase) {
  const auto table = read_postcode_file(
      "prefix,area\r\n\"XA1\",\"E06009901\"\r\n\r\nxa1 2, E06009902\n", "ONSPD 2026-08");
  ASSERT_TRUE(table.ok()) << table.error().text;
  ASSERT_EQ(table->rows_size(), 2);
  EXPECT_EQ(table->edition(), "ONSPD 2026-08");
  EXPECT_EQ(table->rows(1).prefix(), "XA1 2");
  std::string prefix;
  EXPECT_EQ(area_in(*table, "XA1 2BC", prefix), "E06009902");
  EXPECT_EQ(prefix, "XA1 2");
  EXPECT_EQ(area_in(*table, "XA1 3BC", prefix), "E06009901");
  EXPECT_EQ(area_in(*table, "XA12 3BC", prefix), "");
}
TEST(PostcodeFile, EveryProblemIsNamedByItsLineAndNothingIsTaken) {
  const auto table = read_postcode_file("XA1,E06009901\nXA2\n1AA,E06009901\nXA3,\n", "e");
  ASSERT_FALSE(table.ok());
  EXPECT_THAT(table.error().text, HasSubstr("line 2: no comma"));
  EXPECT_THAT(table.error().text, HasSubstr("line 3: the prefix must be like"));
  EXPECT_THAT(table.error().text, HasSubstr("line 4: the area is missing"));
  EXPECT_FALSE(read_postcode_file("", "e").ok());
}
TEST(PostcodeFile, ManyProblemsAreCounted) {
  std::string text;
  for (int i = 0; i < 12; ++i) text += "wrong\n";
  EXPECT_THAT(read_postcode_file(text, "e").error().text, HasSubstr("and 2 more"));
}
TEST(PostcodeFile, ATableTooLargeForOneCommitIsRefusedWithWhatToDo) {
  std::string text;
  for (size_t i = 0; i <= limits::kPostcodePrefixesMax; ++i) text += "XA1,E06009901\n";
  const auto table = read_postcode_file(text, "e");
  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().code, v1::CODE_OVERSIZE);
  EXPECT_THAT(table.error().text, HasSubstr("use districts"));
}

}  // namespace
}  // namespace switchboard::cli
