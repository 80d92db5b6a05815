#include "tests/tidy/tree.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/tidy/bans.h"
#include "tests/tidy/coverage.h"
#include "tests/tidy/docs.h"
#include "tests/tidy/hazards.h"
#include "tests/tidy/includes.h"
#include "tests/tidy/names.h"
#include "tests/tidy/sizes.h"

namespace switchboard::tidy {

// This repository, or another checkout named by SWITCHBOARD_TIDY_ROOT.
const Tree& repository() {
  static const Tree tree = [] {
    const char* other = std::getenv("SWITCHBOARD_TIDY_ROOT");
    return read_tree(other != nullptr ? other : SWITCHBOARD_SOURCE_DIR);
  }();
  return tree;
}

using FileRule = void (*)(const File&, Findings&);
using TreeRule = void (*)(const Tree&, Findings&);

void expect_none(const Findings& findings) {
  for (const Finding& finding : findings) ADD_FAILURE() << finding;
}
void expect_each_file(FileRule rule) {
  Findings findings;
  for (const File& file : repository().files) rule(file, findings);
  expect_none(findings);
}
void expect_tree(TreeRule rule) {
  Findings findings;
  rule(repository(), findings);
  expect_none(findings);
}

TEST(Tidy, TheRepositoryWasRead) {
  ASSERT_NE(repository().find("broker/base/ids.cc"), nullptr);
  EXPECT_TRUE(repository().has("proto/switchboard/v1"));
  EXPECT_FALSE(repository().has("build"));
}

TEST(Tidy, IncludesPointDown) { expect_each_file(check_levels); }
TEST(Tidy, ThirdPartyHeadersStayBehindTheirDoor) { expect_each_file(check_doors); }
TEST(Tidy, TheCoreIsDeterministic) { expect_tree(check_core); }
TEST(Tidy, IncludesArePathsFromTheRoot) { expect_tree(check_include_paths); }

TEST(Tidy, FilesAndFunctionsAreShort) { expect_each_file(check_sizes); }
TEST(Tidy, LinesAreShort) { expect_each_file(check_columns); }
TEST(Tidy, HeadersSayWhatTheyOwn) { expect_each_file(check_header_opening); }
TEST(Tidy, EveryTestIsBuilt) { expect_tree(check_tests_are_built); }

TEST(Tidy, NamesSayWhatThingsAre) { expect_each_file(check_names); }
TEST(Tidy, TheTopHoldsOnlyTheProduct) { expect_tree(check_top_level); }

TEST(Tidy, NothingIsLeftUnfinished) { expect_each_file(check_unfinished); }
TEST(Tidy, CallsStayWithTheirOwners) { expect_each_file(check_calls); }
TEST(Tidy, NoPathBelongsToOneMachine) { expect_each_file(check_machine_paths); }
TEST(Tidy, NoNhsNumberCouldBeSomebodys) { expect_each_file(check_nhs_numbers); }

TEST(Tidy, LinksLeadSomewhere) { expect_tree(check_links); }
TEST(Tidy, TheArchitectureShowsTheTree) { expect_tree(check_architecture); }
TEST(Tidy, TheCodeTableIsTheEnum) { expect_tree(check_code_table); }
TEST(Tidy, TheFamilyTableIsTheEnum) { expect_tree(check_family_table); }
TEST(Tidy, TheFuzzTableIsTheTargets) { expect_tree(check_fuzz_table); }
TEST(Tidy, TheLimitsTableIsTheHeader) { expect_tree(check_limits_table); }
TEST(Tidy, EachHazardHasItsTests) { expect_tree(check_hazards); }
TEST(Tidy, EachFaultHasItsTest) { expect_tree(check_fault_coverage); }

}  // namespace switchboard::tidy
