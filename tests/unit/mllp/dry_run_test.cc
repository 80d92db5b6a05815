#include "adapters/mllp/dry_run.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <sstream>

#include "tests/unit/mllp/samples.h"

namespace switchboard::mllp {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kRoot = SWITCHBOARD_SOURCE_DIR;
const std::string kEpic = kRoot + "/deploy/config/mapping-epic-shaped.toml";

struct Said {
  Exit exit;
  std::string out, err;
};
template <typename Run>
Said said(Run run) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const Exit exit = run();
  return {exit, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

std::string fresh_file(const char* name) {
  const auto path = std::filesystem::path(testing::TempDir()) / name;
  std::filesystem::remove(path);
  return path.string();
}

}  // namespace

TEST(DryRun, SaysWhatEachMessageBecomesAndNamesNobody) {
  const auto got = said(
      [] { return dry_run({.mapping_file = kEpic, .path = kRoot + "/tests/support/hl7/epic"}); });
  EXPECT_EQ(got.exit, Exit::kOk);
  EXPECT_THAT(got.out,
              HasSubstr("a17_two_patients.hl7:1  ADT^A17  880014  event  transfer, transfer"));
  EXPECT_THAT(got.out,
              HasSubstr("a01_adult_out_of_scope.hl7:1  ADT^A01  880018  out of scope  adult"));
  EXPECT_THAT(got.out, HasSubstr("admission (stays at home)"));
  EXPECT_THAT(got.out, HasSubstr("  not_brought\n"));
  for (const char* name : {"Harrow", "Okafor", "9123400013", "E7700101"}) {
    EXPECT_THAT(got.out, Not(HasSubstr(name)));
  }
}

TEST(DryRun, WritesTheEventsForTheirOwnerOnly) {
  const std::string file = fresh_file("switchboard_dry_run_events.json");
  std::ofstream(file) << "what was here before";
  std::filesystem::permissions(file, std::filesystem::perms::all);
  const auto got = said([&] {
    return dry_run({.mapping_file = kEpic,
                    .path = kRoot + "/tests/support/hl7/epic/a17_two_patients.hl7",
                    .events_file = file});
  });
  EXPECT_EQ(got.exit, Exit::kOk) << got.err;
  struct stat is {};
  ASSERT_EQ(::stat(file.c_str(), &is), 0);
  EXPECT_EQ(is.st_mode & 0777, 0600u);
  std::istringstream lines(read_file(file));
  std::vector<v1::Event> events;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &events.emplace_back()).ok());
  }
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].header().kind(), "transfer");
  EXPECT_NE(events[0].header().event_id(), events[1].header().event_id());
  std::filesystem::remove(file);
}

TEST(DryRun, AMessageThatWouldBeHeldFailsTheRun) {
  const std::string file = fresh_file("switchboard_dry_run_bad.hl7");
  std::ofstream(file) << "MSH|^~\\&|EPICADT|X1A|||20261123||ADT^A01|1|P|2.4\n";
  const auto got = said([&] { return dry_run({.mapping_file = kEpic, .path = file}); });
  EXPECT_EQ(got.exit, Exit::kSomeFailed);
  EXPECT_THAT(got.out, HasSubstr(":1  ADT^A01  1  quarantined  no_pid\n"));
  EXPECT_THAT(got.out, HasSubstr("       1  quarantined: no_pid\n"));
  std::filesystem::remove(file);
}

TEST(DryRun, AMappingOrFolderThatIsNotThereIsSaid) {
  EXPECT_EQ(said([] { return dry_run({.mapping_file = "none.toml", .path = "."}); }).exit,
            Exit::kConfig);
  const auto got = said([] { return dry_run({.mapping_file = kEpic, .path = "/no/such/folder"}); });
  EXPECT_EQ(got.exit, Exit::kBadInput);
  EXPECT_THAT(got.err, HasSubstr("/no/such/folder"));
}

TEST(SurveyCapture, WritesAFileThatLoads) {
  const auto got = said([] { return survey_capture(kRoot + "/tests/support/hl7/epic"); });
  EXPECT_EQ(got.exit, Exit::kOk);
  EXPECT_TRUE(parse_mapping(got.out, "draft.toml").ok());
}

TEST(CheckMapping, TellsOfSeveralEventsAndOfKeysLeftOut) {
  const auto got = said([] {
    return check_mapping({.mapping_file = kEpic,
                          .sample_file = kRoot + "/tests/support/hl7/epic/a17_two_patients.hl7"});
  });
  EXPECT_EQ(got.exit, Exit::kOk);
  EXPECT_THAT(got.out, HasSubstr("2 events, taken together or not at all."));
  EXPECT_THAT(got.out, HasSubstr("Keys that the mapping leaves at their defaults:\n"));
  EXPECT_THAT(got.out, HasSubstr("  [visit] authority\n"));
}

}  // namespace switchboard::mllp
