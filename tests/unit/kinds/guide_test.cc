// The guide for safeguarding leads shows the policy that is shipped, not one of last year.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "broker/runtime/toml_message.h"
#include "services/cli/render_policy.h"

namespace switchboard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(const std::string& file) {
  std::ifstream in(std::filesystem::path(SWITCHBOARD_SOURCE_DIR) / file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}
v1::Policy example() {
  v1::Directory directory;
  const auto parsed =
      toml_to_message(text_of("deploy/config/policy-example.toml"), "example", directory);
  EXPECT_TRUE(parsed.ok()) << parsed.error().text;
  return directory.policy();
}

TEST(Guide, ItsTablesAreTheShippedPolicys) {
  const std::string guide = text_of("deploy/guides/safeguarding-lead.md");
  const std::string begin = "<!-- policy: begin -->\n", end = "<!-- policy: end -->";
  const size_t from = guide.find(begin), to = guide.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  EXPECT_EQ(guide.substr(from + begin.size(), to - from - begin.size()),
            cli::policy_markdown(example()))
      << "switchboard policy show --file deploy/config/policy-example.toml --format markdown";
}
TEST(Guide, APolicyNobodySignedSaysSoInItsFirstLine) {
  v1::Policy policy = example();
  EXPECT_TRUE(cli::policy_markdown(policy).starts_with("**EXAMPLE: needs local sign-off."));
  policy.set_signed_off_by("A. Lead");
  policy.set_signed_off_on("2026-12-01");
  const std::string text = cli::policy_markdown(policy);
  EXPECT_TRUE(text.starts_with("**signed off by A. Lead on 2026-12-01**"));
  EXPECT_THAT(text, Not(HasSubstr("EXAMPLE")));
}
TEST(Guide, SaysForEveryRowThatAsksForAnActWhoIsToldWhenNobodyPicksUp) {
  const v1::Policy policy = example();
  v1::Policy one;
  for (const auto& row : policy.rows()) {
    if (row.attention() != v1::ATTENTION_ACT) continue;
    one.clear_rows();
    *one.add_rows() = row;
    EXPECT_THAT(cli::policy_markdown(one), HasSubstr("1. at the deadline: "));
    EXPECT_THAT(cli::policy_markdown(one), HasSubstr("the sender")) << row.id();
  }
}

}  // namespace
}  // namespace switchboard
