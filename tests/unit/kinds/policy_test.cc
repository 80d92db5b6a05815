// Kind x policy: what is asked of a team is said for every kind, in every policy that we ship.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "broker/core/attention.h"
#include "broker/core/kind.h"
#include "broker/core/probe.h"
#include "broker/core/row_check.h"
#include "broker/runtime/toml_message.h"
#include "services/cli/sandbox_directory.h"

namespace switchboard {
namespace {

v1::Directory directory_in(const std::string& text, const std::string& name) {
  v1::Directory directory;
  const auto parsed = toml_to_message(text, name, directory);
  EXPECT_TRUE(parsed.ok()) << parsed.error().text;
  return directory;
}
v1::Policy policy_in(const std::string& text, const std::string& name) {
  return directory_in(text, name).policy();
}
v1::Policy example() {
  const std::filesystem::path source(SWITCHBOARD_SOURCE_DIR);
  std::ifstream in(source / "deploy/config/policy-example.toml");
  std::stringstream text;
  text << in.rdbuf();
  return policy_in(text.str(), "policy-example.toml");
}
std::string sandbox_text() {
  std::map<std::string, std::string> keys;  // forty characters, none twice
  for (const auto& principal : cli::sandbox_principals()) {
    keys[std::string(principal.id)] = std::to_string(1000 + keys.size()) + std::string(36, 'k');
  }
  return cli::sandbox_directory(keys, Day{20'000});
}
v1::Policy sandbox() { return policy_in(sandbox_text(), "directory.toml"); }
std::map<std::string, v1::Policy> shipped() {
  return {{"example", example()}, {"sandbox", sandbox()}};
}

TEST(Policy, SaysWhatIsAskedForEveryKindOfAnyTeam) {
  for (const auto& [name, policy] : shipped()) {
    for (const auto& rule : core::kinds()) {
      if (rule.kind == core::kProbeKind) continue;  // asks nobody, whatever a policy says
      const bool named =
          std::any_of(policy.rows().begin(), policy.rows().end(), [&](const auto& row) {
            const auto& kinds = row.kinds();
            return std::find(kinds.begin(), kinds.end(), rule.kind) != kinds.end() &&
                   row.team_kinds().empty() && row.causes().empty() &&
                   row.least_urgency() == v1::URGENCY_UNSPECIFIED;
          });
      EXPECT_TRUE(named) << name << ": no row for " << rule.kind;
    }
  }
}
TEST(Policy, NamesOnlyKindsThatTheHubKnows) {
  for (const auto& [name, policy] : shipped()) {
    for (const auto& row : policy.rows()) {
      for (const auto& kind : row.kinds()) {
        EXPECT_NE(core::kind_rule(kind), nullptr) << name << ": " << kind;
      }
    }
    for (const auto& kind : policy.must_reach_kinds()) {
      EXPECT_NE(core::kind_rule(kind), nullptr) << name << ": " << kind;
    }
  }
}
TEST(Policy, WhatMustReachSomebodyIsNeverOnlyFiled) {
  for (const auto& [name, policy] : shipped()) {
    for (const auto& rule : core::kinds()) {
      if (!core::must_reach(policy, rule.kind, true)) continue;
      const auto asked =
          core::attention(policy, rule.kind, v1::URGENCY_ROUTINE, v1::CAUSE_ROUTE, "other");
      EXPECT_NE(asked.attention, v1::ATTENTION_FILE) << name << ": " << rule.kind;
    }
    EXPECT_TRUE(core::must_reach(policy, "death", false)) << name;
    EXPECT_TRUE(core::must_reach(policy, "not_brought", true)) << name;
    EXPECT_FALSE(core::must_reach(policy, "not_brought", false)) << name;
  }
}
TEST(Policy, OfTheExampleIsSignedOffByNobody) {
  for (const auto& [name, policy] : shipped()) EXPECT_EQ(policy.signed_off_by(), "") << name;
}

TEST(Sandbox, ItsRowsAreOnesThatTheHubTakes) {
  for (const auto& problem :
       core::row_problems(core::Directory(), directory_in(sandbox_text(), "directory.toml"), {})) {
    ADD_FAILURE() << problem;
  }
}

}  // namespace
}  // namespace switchboard
