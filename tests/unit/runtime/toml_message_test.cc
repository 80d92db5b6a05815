#include "broker/runtime/toml_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "switchboard/v1/admin.pb.h"

namespace switchboard {
namespace {

using testing::HasSubstr;
using testing::Not;

// The text of what is wrong, or "" when all is well.
std::string complaint(std::string_view text) {
  v1::Directory directory;
  const auto read = toml_to_message(text, "directory.toml", directory);
  return read.ok() ? "" : read.error().text;
}

constexpr std::string_view kDirectory = R"(
[[agencies]]
id = "X26"
name = "Example Trust"
safety_net_team = "X26-DUTY"

[[routes]]
id = "maternity"
team = "X26-MIDWIFERY"
kinds = ["pregnancy.booked", "birth"]
least_urgency = "URGENT"
clause = { area = "E09000001" }
ages = { below_months = 12, unborn = true }

[[principals]]
id = "pas"
roles = ["publisher", "ROLE_ENDPOINT"]

[policy]
id = "default"
[[policy.rows]]
kinds = ["birth"]
attention = "act"
acknowledge_within_s = 14400
[[policy.rows]]
attention = "see"
)";

TEST(TomlMessage, ReadsNestedTablesListsOneofsAndShortEnumNames) {
  v1::Directory directory;
  const auto read = toml_to_message(kDirectory, "directory.toml", directory);
  ASSERT_TRUE(read.ok()) << read.error().text;
  EXPECT_EQ(directory.agencies(0).safety_net_team(), "X26-DUTY");
  EXPECT_EQ(directory.routes(0).kinds_size(), 2);
  EXPECT_EQ(directory.routes(0).least_urgency(), v1::URGENCY_URGENT);
  EXPECT_EQ(directory.routes(0).clause().area(), "E09000001");
  EXPECT_TRUE(directory.routes(0).ages().unborn());
  EXPECT_EQ(directory.principals(0).roles(1), v1::ROLE_ENDPOINT);
  EXPECT_EQ(directory.policy().rows_size(), 2);
  EXPECT_EQ(directory.policy().rows(0).attention(), v1::ATTENTION_ACT);
  EXPECT_EQ(directory.policy().rows(0).acknowledge_within_s(), 14400u);
}

TEST(TomlMessage, KeepsWhereEachValueCameFrom) {
  v1::Directory directory;
  const auto read = toml_to_message(kDirectory, "directory.toml", directory);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->at("agencies[0].id"), "directory.toml:3");
  EXPECT_EQ(read->at("policy.rows[0].attention"), "directory.toml:23");
}

TEST(TomlMessage, ASyntaxErrorNamesLineAndColumn) {
  EXPECT_THAT(complaint("[policy]\nid = = 1\n"), HasSubstr("directory.toml:2:6: "));
}

TEST(TomlMessage, AnUnknownKeyNamesTheNearestKnownOne) {
  const std::string text = complaint("[[agencies]]\nid = \"X26\"\nsafty_net_team = \"X26-DUTY\"\n");
  EXPECT_EQ(text,
            "directory.toml:3:1: unknown key 'agencies[0].safty_net_team', did you mean "
            "'safety_net_team'?");
}

TEST(TomlMessage, AnUnknownKeyLikeNoneListsTheKnownOnes) {
  EXPECT_THAT(complaint("[[routes]]\nclause = { postcode = \"X\" }\n"),
              HasSubstr("unknown key 'routes[0].clause.postcode'; known here: caseload, area"));
}

TEST(TomlMessage, AnUnknownEnumNameListsTheChoicesWithoutUnspecified) {
  const std::string text = complaint("[[routes]]\nleast_urgency = \"soon\"\n");
  EXPECT_EQ(text,
            "directory.toml:2:17: 'routes[0].least_urgency' must be one of routine, urgent, "
            "immediate");
}

TEST(TomlMessage, TwoChoicesOfOneAreRefused) {
  EXPECT_THAT(complaint("[[routes]]\nclause = { area = \"E09\", caseload = true }\n"),
              HasSubstr("only one of the choices of 'by'"));
}

TEST(TomlMessage, EveryProblemIsReportedAtOnce) {
  const std::string text = complaint(
      "agencies = 1\n[policy]\nid = 7\n[[policy.rows]]\nacknowledge_within_s = -1\nkinds = "
      "\"a\"\n");
  EXPECT_THAT(text,
              HasSubstr(":1:12: 'agencies' must be tables under [[agencies]], found a whole"));
  EXPECT_THAT(text, HasSubstr(":3:6: 'policy.id' must be a string, found a whole number"));
  EXPECT_THAT(text, HasSubstr(":5:24: 'policy.rows[0].acknowledge_within_s' must be from 0 to "));
  EXPECT_THAT(text, HasSubstr(":6:9: 'policy.rows[0].kinds' must be an array of a string"));
}

// toml++ asserts on the first and has undefined behaviour on the others.
TEST(TomlMessage, BrokenTomlIsAProblemNeverAnAbort) {
  for (const char* text : {"[&]", "[=]", "[\x01]", "[a\xff]", "a\xc3\xa9 = 1", "= 1", "[["}) {
    EXPECT_THAT(complaint(text), HasSubstr("directory.toml:1:")) << text;
  }
  EXPECT_EQ(complaint("# caf\xc3\xa9\n[[agencies]]\nid = \"X26\"\nname = \"Caf\xc3\xa9\"\n"), "");
  v1::Directory directory;
  TomlReading reading;
  read_override("teams=[\xc3\xa9]", directory, reading);
  EXPECT_EQ(reading.problems.size(), 1u);
}

TEST(TomlMessage, NoComplaintRepeatsAValue) {
  const std::string text = complaint(
      "[[caseload]]\nteam = \"X26-MIDWIFERY\"\nidentifier = \"9999999999\"\nremoved = "
      "\"9999999999\"\n");
  EXPECT_THAT(text, HasSubstr("'caseload[0].identifier' must be a table"));
  EXPECT_THAT(text, HasSubstr("'caseload[0].removed' must be true or false"));
  EXPECT_THAT(text, Not(HasSubstr("9999999999")));
}

}  // namespace
}  // namespace switchboard
