#include "tests/tidy/docs.h"

#include <gtest/gtest.h>

#include "tests/tidy/coverage.h"
#include "tests/tidy/hazards.h"

namespace switchboard::tidy {

using Rule = void (*)(const Tree&, Findings&);
size_t count(Rule rule, std::vector<File> files) {
  Findings findings;
  rule(make_tree(std::move(files)), findings);
  return findings.size();
}

TEST(Docs, ALinkLeadsSomewhere) {
  const File target = make_file("broker/a.md", "x");
  EXPECT_EQ(
      count(check_links, {make_file("README.md", "[a](broker/a.md#top) [b](broker/)"), target}),
      0u);
  EXPECT_EQ(count(check_links, {make_file("broker/b.md", "[a](../b.md) [w](https://x.y)"), target}),
            1u);
  EXPECT_EQ(count(check_links, {make_file("README.md", "```\n[a](b.md)\n```\n`[a](b.md)`")}), 0u);
}

TEST(Docs, TheTreeBlockIsTheTree) {
  const std::string good = "```tree\nproto/   contract\nbroker/\n  kv/  bytes\n```\n";
  const std::vector<File> tree{make_file("proto/a.proto", ""), make_file("broker/kv/kv.h", "// x")};
  auto with = [&](const std::string& text) {
    auto files = tree;
    files.push_back(make_file("ARCHITECTURE.md", text));
    return files;
  };
  EXPECT_EQ(count(check_architecture, with(good)), 0u);
  EXPECT_EQ(count(check_architecture, with("```tree\nproto/\nbroker/\n```\n")), 1u);
  EXPECT_EQ(count(check_architecture, with(good + "```tree\nsinks/\n```\n")), 1u);
  EXPECT_EQ(count(check_architecture, with(good + std::string(400, '\n'))), 1u);
}

TEST(Docs, TheCodeTableIsTheEnum) {
  const File proto = make_file("proto/switchboard/v1/session.proto",
                               "enum Code {\n  CODE_OK = 0;\n  CODE_BUSY = 10;  // x\n}\n");
  auto with = [&](const std::string& rows) {
    return std::vector{proto,
                       make_file("proto/PROTOCOL.md", "| Code | Number |\n|---|---|\n" + rows)};
  };
  EXPECT_EQ(count(check_code_table, with("| `CODE_OK` | 0 |\n| `CODE_BUSY` | 10 |\n")), 0u);
  EXPECT_EQ(count(check_code_table, with("| `CODE_OK` | 0 |\n")), 1u);
  EXPECT_EQ(count(check_code_table, with("| `CODE_OK` | 0 |\n| `CODE_BUSY` | 11 |\n")), 1u);
  EXPECT_EQ(
      count(check_code_table, with("| `CODE_OK` | 0 |\n| `CODE_BUSY` | 10 |\n| `CODE_X` | 1 |\n")),
      1u);
}

TEST(Docs, TheFamilyTableIsTheEnum) {
  const File header = make_file(
      "broker/kv/kv.h", "// x\nenum class Family : uint8_t {\n  kEvent = 1,\n  kKey = 3,\n};\n");
  auto with = [&](const std::string& rows) {
    return std::vector{header,
                       make_file("broker/store/STORAGE.md", "| Family | No |\n|---|---|\n" + rows)};
  };
  EXPECT_EQ(count(check_family_table, with("| `event` | 1 |\n| `kKey` | 3 |\n")), 0u);
  EXPECT_EQ(count(check_family_table, with("| event | 1 |\n| key | 3 |\n")), 0u);
  EXPECT_EQ(count(check_family_table, with("| `event` | 1 |\n")), 1u);
}

TEST(Docs, LimitsAreEvaluated) {
  const auto values = limit_values(
      "inline constexpr size_t kA = 4 * 1024;\ninline constexpr int64_t kB = kA + 2 * 1'000;\n");
  EXPECT_EQ(values.at("kA"), 4096u);
  EXPECT_EQ(values.at("kB"), 6096u);
}

TEST(Docs, TheLimitsTableIsTheHeader) {
  const File header = make_file("broker/base/limits.h", "// x\nconstexpr size_t kA = 4 * 1024;\n");
  auto with = [&](const std::string& row) {
    return std::vector{header,
                       make_file("proto/PROTOCOL.md", "| Limit | Value |\n|---|---|\n" + row)};
  };
  EXPECT_EQ(count(check_limits_table, with("| `kA` | 4,096 |\n")), 0u);
  EXPECT_EQ(count(check_limits_table, with("| `kA` | 4,097 |\n")), 1u);
  EXPECT_EQ(count(check_limits_table, with("| `kB` | 1 |\n")), 1u);
}

TEST(Docs, TheFuzzTableIsTheTargets) {
  const File build =
      make_file("tests/fuzz/CMakeLists.txt", "x\n  switchboard_fuzz(kv SOURCES a)\n");
  const File seed = make_file("tests/fuzz/corpus/kv/one", "x");
  auto with = [&](const std::string& rows, const File& corpus) {
    return std::vector{build, corpus,
                       make_file("tests/fuzz/README.md", "| Target | Reads |\n|---|---|\n" + rows)};
  };
  EXPECT_EQ(count(check_fuzz_table, with("| `kv` | x |\n", seed)), 0u);
  EXPECT_EQ(count(check_fuzz_table, with("", seed)), 1u);
  EXPECT_EQ(count(check_fuzz_table, with("| `kv` | x |\n| `gone` | x |\n", seed)), 1u);
  EXPECT_EQ(count(check_fuzz_table, with("| `kv` | x |\n", build)), 1u);
  EXPECT_EQ(count(check_fuzz_table, {build}), 1u);
}

struct Hazard {
  std::string tests = "[]";
  std::string after = "{ severity = 5, likelihood = 1 }";
  std::string state = "partly";
};
std::string hazard(const Hazard& h) {
  return "[[hazard]]\nid = \"H-1\"\ntitle = \"t\"\ncause = \"c\"\neffect = \"e\"\n"
         "before = { severity = 5, likelihood = 3 }\nafter = " +
         h.after + "\ncontrols = [\"x\"]\nstate = \"" + h.state + "\"\ntests = " + h.tests + "\n";
}
size_t hazard_findings(const std::string& text) {
  return count(check_hazards,
               {make_file("deploy/assurance/hazards.toml", text),
                make_file("tests/unit/a_test.cc", "TEST_F(Seal, Opens) {}"),
                make_file("tests/CMakeLists.txt", "switchboard_test(kill_loop SOURCES x.cc)")});
}

TEST(Hazards, EachNamedTestExists) {
  EXPECT_EQ(hazard_findings(hazard({.tests = "[\"Seal.Opens\", \"kill_loop\"]"})), 0u);
  EXPECT_EQ(hazard_findings(hazard({.tests = "[\"Seal.Closes\"]"})), 1u);
}

TEST(Hazards, DegreesAreFromOneToFiveAndNotWorseAfter) {
  EXPECT_EQ(hazard_findings(hazard({.after = "{ severity = 6, likelihood = 1 }"})), 1u);
  EXPECT_EQ(hazard_findings(hazard({.after = "{ severity = 5, likelihood = 4 }"})), 1u);
}

TEST(Hazards, ControlledNeedsATestAndOpenClaimsNothing) {
  EXPECT_EQ(hazard_findings(hazard({.state = "controlled"})), 1u);
  EXPECT_EQ(hazard_findings(hazard({.state = "open"})), 1u);
  EXPECT_EQ(hazard_findings(hazard({.state = "fine"})), 1u);
}

TEST(Hazards, IdsAreUniqueAndTheFileIsToml) {
  EXPECT_EQ(hazard_findings(hazard({}) + hazard({})), 1u);
  EXPECT_EQ(hazard_findings("[[hazard]\n"), 1u);
}

// One row a line; all promises are named by the first fault.
std::string coverage(const std::string& tests) {
  std::string text = "| Fault | What | Promises | Tests |\n|---|---|---|---|\n";
  for (int i = 1; i <= 25; ++i) {
    text += "| F" + std::to_string(i) + " | x | P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12 | `" +
            tests + "` |\n";
  }
  text += "\n| Invariant | What | Promises | Tests |\n|---|---|---|---|\n";
  for (int i = 1; i <= 20; ++i) text += "| I" + std::to_string(i) + " | x | P1 | `Seal.Opens` |\n";
  return text +
         "\n| Security | What | Promises | Tests |\n|---|---|---|---|\n| x | y | P9 | `Seal.Opens` "
         "|\n";
}
size_t coverage_findings(const std::string& text) {
  return count(check_fault_coverage,
               {make_file("tests/fault/COVERAGE.md", text),
                make_file("tests/unit/a_test.cc", "TEST_F(Seal, Opens) {}"),
                make_file("tests/CMakeLists.txt", "switchboard_test(kill_loop SOURCES x.cc)")});
}

TEST(Coverage, EachFaultNamesTestsThatExist) {
  EXPECT_EQ(coverage_findings(coverage("Seal.Opens`, `kill_loop")), 0u);
  EXPECT_EQ(coverage_findings(coverage("Seal.Closes")), 25u);
  EXPECT_EQ(coverage_findings(coverage("")), 25u);
  EXPECT_EQ(coverage_findings(coverage("Seal.Opens") + "| z | y | P9 | `Seal.Closes` |\n"), 1u);
}

TEST(Coverage, NoFaultInvariantOrPromiseIsForgotten) {
  const std::string whole = coverage("Seal.Opens");
  const auto without = [&](const std::string& text) {
    std::string less = whole;
    for (size_t at; (at = less.find(text)) != std::string::npos;) less.erase(at, text.size());
    return coverage_findings(less);
  };
  EXPECT_EQ(without(" P12"), 1u);
  EXPECT_GE(without("| F25 | x | P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12 | `Seal.Opens` |\n"), 1u);
  EXPECT_GE(without("| I3 | x | P1 | `Seal.Opens` |\n"), 1u);
}

}  // namespace switchboard::tidy
