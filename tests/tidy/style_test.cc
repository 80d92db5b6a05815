#include <gtest/gtest.h>

#include "tests/tidy/bans.h"
#include "tests/tidy/names.h"
#include "tests/tidy/sizes.h"

namespace switchboard::tidy {

using Rule = void (*)(const File&, Findings&);
size_t count(Rule rule, std::string path, std::string text) {
  Findings findings;
  rule(make_file(std::move(path), std::move(text)), findings);
  return findings.size();
}
std::string lines(size_t n) {
  std::string text;
  for (size_t i = 0; i < n; ++i) text += "//\n";
  return text;
}

TEST(Sizes, FilesHaveAnEnd) {
  EXPECT_EQ(count(check_sizes, "broker/kv/a.h", lines(250)), 0u);
  EXPECT_EQ(count(check_sizes, "broker/kv/a.h", lines(251)), 1u);
  EXPECT_EQ(count(check_sizes, "broker/kv/a.cc", lines(500)), 0u);
  EXPECT_EQ(count(check_sizes, "broker/kv/a.cc", lines(501)), 1u);
}

TEST(Sizes, FunctionsFitAScreen) {
  EXPECT_EQ(count(check_sizes, "broker/kv/a.cc", "int f() {\n" + lines(68) + "}\n"), 0u);
  EXPECT_EQ(count(check_sizes, "broker/kv/a.cc", "int f() {\n" + lines(69) + "}\n"), 1u);
}

TEST(Sizes, ColumnsAreCodePoints) {
  EXPECT_EQ(count(check_columns, "broker/kv/a.cc", std::string(100, 'a')), 0u);
  EXPECT_EQ(count(check_columns, "broker/kv/a.cc", std::string(101, 'a')), 1u);
  EXPECT_EQ(count(check_columns, "broker/kv/a.cc", std::string(99, 'a') + "…"), 0u);
}

TEST(Sizes, AHeaderOpensWithAComment) {
  EXPECT_EQ(count(check_header_opening, "broker/kv/a.h", "// What it owns.\n"), 0u);
  EXPECT_EQ(count(check_header_opening, "broker/kv/a.h", "#pragma once\n"), 1u);
}

TEST(Sizes, ATestNobodyBuildsIsFound) {
  Findings findings;
  check_tests_are_built(
      make_tree({make_file("tests/unit/kv/CMakeLists.txt", "switchboard_test(x SOURCES a_test.cc)"),
                 make_file("tests/unit/kv/a_test.cc", ""),
                 make_file("tests/unit/kv/b_test.cc", "")}),
      findings);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].path, "tests/unit/kv/b_test.cc");
}

TEST(Names, WordsThatSayNothingAreFound) {
  for (const char* name : {"RouteManager", "route_helper", "StringUtils", "FrameHandler",
                           "ImplRouter", "handle_frame(", "process_item("}) {
    EXPECT_EQ(count(check_names, "broker/kv/a.cc", "auto " + std::string(name) + ";"), 1u) << name;
  }
  EXPECT_EQ(count(check_names, "broker/kv/key_util.cc", ""), 1u);
}

TEST(Names, WordsWithinWordsAndCommentsAreFine) {
  EXPECT_EQ(count(check_names, "broker/kv/a.cc", "int simple, implicit; // a helper"), 0u);
  EXPECT_EQ(count(check_names, "broker/kv/a.cc", "google::protobuf::util::Status s;"), 0u);
}

TEST(Names, OnlyTheProductsFoldersStandAtTheTop) {
  Findings findings;
  check_top_level(make_tree({make_file("notes.md", ""), make_file("broker/CMakeLists.txt", ""),
                             make_file(".gitignore", "")}),
                  findings);
  EXPECT_EQ(findings.size(), 1u);
}

TEST(Bans, UnfinishedWorkIsFoundInAnyText) {
  // Built from parts: this file holds no such mark either.
  for (const char* end : {"DO", "DO:", "DO(x)"}) {
    EXPECT_EQ(count(check_unfinished, "deploy/a.sh", "# TO" + std::string(end)), 1u) << end;
  }
  EXPECT_EQ(count(check_unfinished, "a.md", "FIX" + std::string("ME")), 1u);
  EXPECT_EQ(count(check_unfinished, "a.md", "HA" + std::string("CK")), 1u);
  EXPECT_EQ(count(check_unfinished, "a.md", "XX" + std::string("X")), 1u);
  EXPECT_EQ(count(check_unfinished, "tests/a.cc", "TEST(A, DIS" + std::string("ABLED_B)")), 1u);
  EXPECT_EQ(count(check_unfinished, "tests/a.cc", "GTEST_" + std::string("SKIP();")), 1u);
  EXPECT_EQ(count(check_unfinished, "tests/a.cc", "mkdtemp(\"/a-XXXXXX\")"), 0u);
}

TEST(Bans, CallsStayWithTheirOwners) {
  EXPECT_EQ(count(check_calls, "broker/kv/a.cc", "throw 1;"), 1u);
  EXPECT_EQ(count(check_calls, "broker/kv/a.cc", "// never throw"), 0u);
  EXPECT_EQ(count(check_calls, "tests/unit/a.cc", "std::this_thread::sleep_for(x);"), 1u);
  EXPECT_EQ(count(check_calls, "tests/support/eventually.h", "sleep_for(x);"), 0u);
  EXPECT_EQ(count(check_calls, "broker/server/a.cc", "std::chrono::system_clock::now();"), 1u);
  EXPECT_EQ(count(check_calls, "broker/runtime/clock.cc", "std::chrono::system_clock::now();"), 0u);
  EXPECT_EQ(count(check_calls, "broker/core/a.cc", "time(nullptr);"), 1u);
  EXPECT_EQ(count(check_calls, "broker/core/a.cc", "row.time(x);"), 0u);
  EXPECT_EQ(count(check_calls, "broker/core/a.cc", "std::random_device d;"), 1u);
  EXPECT_EQ(count(check_calls, "broker/server/a.cc", "std::mutex m;"), 1u);
  EXPECT_EQ(count(check_calls, "broker/runtime/health.cc", "std::mutex m;"), 0u);
  EXPECT_EQ(count(check_calls, "broker/store/a.cc", "std::shared_ptr<int> p;"), 1u);
  EXPECT_EQ(count(check_calls, "broker/server/a.cc", "if (row->revoked()) return;"), 1u);
  EXPECT_EQ(count(check_calls, "broker/core/in_force.cc", "if (key.revoked()) return;"), 0u);
}

TEST(Bans, APathOfOneMachineIsFound) {
  EXPECT_EQ(count(check_machine_paths, "deploy/a", "cd /" + std::string("home/ada/src")), 1u);
  EXPECT_EQ(count(check_machine_paths, "deploy/a", "cd \"/" + std::string("work/x\"")), 1u);
  EXPECT_EQ(count(check_machine_paths, "deploy/a", "broker/work/x /var/lib/switchboard"), 0u);
}

TEST(Bans, AnNhsNumberThatCouldBeSomebodysIsFound) {
  // Built from parts: this file holds no such number either.
  const std::string living = "401" + std::string("023") + "2137";
  ASSERT_TRUE(passes_mod_11(living));
  EXPECT_EQ(count(check_nhs_numbers, "tests/a.hl7", "PID|1||" + living + "^^^NHS"), 1u);
  EXPECT_EQ(count(check_nhs_numbers, "tests/a.hl7", "401 " + std::string("023 ") + "2137"), 1u);
  EXPECT_EQ(count(check_nhs_numbers, "tests/a.hl7", "PID|1||9434765919^^^NHS"), 0u);
  EXPECT_EQ(count(check_nhs_numbers, "tests/a.hl7", "4444444444"), 0u);
  EXPECT_EQ(count(check_nhs_numbers, "tests/a.cc", "find_first_not_of(\"0123456789\")"), 0u);
  EXPECT_EQ(count(check_nhs_numbers, "tests/a.hl7", "1" + living), 0u);
}

}  // namespace switchboard::tidy
