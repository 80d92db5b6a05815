#include "adapters/mllp/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/mllp/samples.h"

namespace switchboard::mllp {
namespace {

std::string explained(const std::string& name, ShowIdentity show = ShowIdentity::kMasked) {
  return explain(sample(name), example_mapping(), kListener, kReceived, show);
}

Mapping epic_mapping() {
  const std::string path = "/deploy/config/mapping-epic-shaped.toml";
  auto mapping = load_mapping(std::string(SWITCHBOARD_SOURCE_DIR) + path);
  EXPECT_TRUE(mapping.ok()) << mapping.error().text;
  return std::move(mapping).value();
}

}  // namespace

TEST(Explain, SaysWhereEachValueComesFrom) {
  const std::string text = explained("adt_a01_welsh_name");
  EXPECT_THAT(text, testing::HasSubstr("An event of kind admission"));
  EXPECT_THAT(text, testing::HasSubstr("<- MSH-9 ADT"));
  EXPECT_THAT(text, testing::HasSubstr("<- PD1-3.3"));
  EXPECT_THAT(text, testing::HasSubstr("V900001"));
}

TEST(Explain, ShowsEachEventOfAMessageAboutTwo) {
  const std::string text =
      explain(sample("epic/a17_two_patients"), epic_mapping(), {.agency = "X1A", .system = "EPR"},
              kReceived, ShowIdentity::kMasked);
  EXPECT_THAT(text, testing::StartsWith("2 events, taken together or not at all.\n\nAn event of "));
  EXPECT_THAT(text, testing::HasSubstr("500103"));
  EXPECT_THAT(text, testing::HasSubstr("500102"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("Okafor")));
}

TEST(Explain, HidesThePersonUnlessAsked) {
  const auto names_the_child = testing::AnyOf(
      testing::HasSubstr("Jones"), testing::HasSubstr("9123456787"), testing::HasSubstr("20190701"),
      testing::HasSubstr("XA1 1AA"), testing::HasSubstr("E5550001"));
  EXPECT_THAT(explained("adt_a01_welsh_name"), testing::Not(names_the_child));
  EXPECT_THAT(explained("adt_a01_welsh_name", ShowIdentity::kShown),
              testing::AllOf(testing::HasSubstr("Jones"), testing::HasSubstr("9123456787")));
}

TEST(Explain, TellsTheAnswerOfEveryOutcome) {
  EXPECT_THAT(explained("other_a09_departing"), testing::HasSubstr("out of scope (trigger)"));
  EXPECT_THAT(explained("bad_no_pid"), testing::HasSubstr("quarantine with its bytes: no_pid"));
  EXPECT_THAT(explained("bad_training_message"), testing::HasSubstr("Answer: AE."));
}

}  // namespace switchboard::mllp
