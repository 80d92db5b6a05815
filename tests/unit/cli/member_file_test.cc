#include "services/cli/member_file.h"

#include <gmock/gmock.h>

#include "broker/base/seal.h"

namespace switchboard::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::vector<v1::Member> read(std::string_view text) {
  const auto members = read_member_file(text);
  EXPECT_TRUE(members.ok()) << members.error().text;
  return members.ok() ? *members : std::vector<v1::Member>{};
}
std::string problem(std::string_view text) {
  const auto members = read_member_file(text);
  EXPECT_FALSE(members.ok());
  return members.ok() ? "" : members.error().text;
}

TEST(MemberFile, ColumnsMayStandInAnyOrderBesideOthers) {
  const auto members = read(
      "Surname,Birth Date,NHS-Number\n"
      "Example,2020-01-31,9000000009\n");
  ASSERT_THAT(members, SizeIs(1));
  EXPECT_EQ(members[0].identifier().type(), v1::IDENTIFIER_TYPE_NHS_NUMBER);
  EXPECT_EQ(members[0].identifier().value(), "9000000009");
  EXPECT_EQ(members[0].birth_date(), "2020-01-31");
  EXPECT_EQ(members[0].line(), 2u);
  EXPECT_THAT(members[0].ShortDebugString(), Not(HasSubstr("Example")));
}
TEST(MemberFile, TakesWhatSpreadsheetsWrite) {
  const auto members = read(
      "\xEF\xBB\xBF\"nhs_number\",\"birth_date\"\r\n"
      "\"900 000 0009\", 31/01/2020 \r\n"
      "\r\n"
      "9000000017,\r\n"
      "9000000025");
  ASSERT_THAT(members, SizeIs(3));
  EXPECT_EQ(members[0].identifier().value(), "900 000 0009");
  EXPECT_EQ(members[0].birth_date(), "2020-01-31");
  EXPECT_EQ(members[1].line(), 4u);
  EXPECT_EQ(members[1].birth_date(), "");
  EXPECT_EQ(members[2].identifier().value(), "9000000025");
}
TEST(MemberFile, QuotesHoldCommasLinesAndQuotes) {
  const auto members = read(
      "note,nhs_number\n"
      "\"a, \"\"b\"\"\nc\",9000000009\n"
      "x,9000000017\n");
  ASSERT_THAT(members, SizeIs(2));
  EXPECT_EQ(members[0].identifier().value(), "9000000009");
  EXPECT_EQ(members[1].line(), 4u) << "the line of the file, not of the table";
}
TEST(MemberFile, WhatIsMissingOrTooLongIsNoNumberAndKeepsItsLine) {
  const auto members =
      read("birth_date,nhs_number\n2020-01-31\n2020-01-31," + std::string(200, '9') + "\n");
  ASSERT_THAT(members, SizeIs(2));
  EXPECT_EQ(members[0].identifier().value(), "");
  EXPECT_EQ(members[1].identifier().value(), "");
  EXPECT_EQ(members[1].line(), 3u);
}
TEST(MemberFile, AFileWithoutTheColumnIsRefusedWithWhatToDo) {
  EXPECT_THAT(problem(""), HasSubstr("empty"));
  EXPECT_THAT(problem("\n\n"), HasSubstr("empty"));
  EXPECT_THAT(problem("number\n9000000009\n"), HasSubstr("line 1 must name the columns"));
  EXPECT_THAT(problem("nhs_number,NHS Number\n"), HasSubstr("two columns"));
}
TEST(MemberFile, AnOpenQuoteIsNamedByItsLineAndNothingOfItIsSaid) {
  const auto why = problem("nhs_number\n9000000009\n\"9000000017\n9000000025\n");
  EXPECT_THAT(why, HasSubstr("line 3"));
  EXPECT_THAT(why, Not(HasSubstr("9000000017")));
}
TEST(MemberFile, AHeaderAloneIsAListOfNobody) { EXPECT_THAT(read("nhs_number\n"), IsEmpty()); }
// Whatever bytes come: an answer, no value in its words, and each line at most once.
TEST(MemberFile, NoBytesMakeItStumble) {
  Entropy entropy(std::array<uint8_t, 32>{7});
  const auto below = [&](size_t n) { return entropy.bytes<1>()[0] % n; };
  const std::string_view pieces[] = {",",
                                     "\"",
                                     "\r",
                                     "\n",
                                     "\r\n",
                                     "nhs_number",
                                     "birth_date",
                                     "9000000009",
                                     " ",
                                     "\xEF\xBB\xBF",
                                     std::string_view("\0", 1)};
  for (int run = 0; run < 5'000; ++run) {
    std::string text = run % 2 == 0 ? "nhs_number,birth_date\n" : "";
    for (size_t n = below(40); n > 0; --n) text += pieces[below(std::size(pieces))];
    const auto members = read_member_file(text);
    if (!members.ok()) {
      EXPECT_THAT(members.error().text, Not(HasSubstr("9000000009")));
      continue;
    }
    uint32_t last = 0;
    for (const auto& member : *members) {
      EXPECT_GT(member.line(), last);
      last = member.line();
    }
  }
}

}  // namespace
}  // namespace switchboard::cli
