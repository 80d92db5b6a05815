#include "adapters/mllp/survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/unit/mllp/samples.h"

namespace switchboard::mllp {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

Survey survey_of(const std::string& folder) {
  Survey survey;
  const std::string path = std::string(SWITCHBOARD_SOURCE_DIR) + "/tests/support/hl7/" + folder;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.path().extension() == ".hl7") survey.add_file(read_capture(read_file(entry.path())));
  }
  return survey;
}

Mapping drafted(const std::string& folder) {
  const std::string draft = survey_of(folder).report() + survey_of(folder).draft();
  auto mapping = parse_mapping(draft, "draft.toml");
  EXPECT_TRUE(mapping.ok()) << mapping.error().text << "\n" << draft;
  return std::move(mapping).value();
}

const std::string kMessage =
    "MSH|^~\\&|A|B|||20261123||ADT^A01|1|P|2.4\rPID|1||X77123456^^^T^MR||Rowe^Ada\r";

}  // namespace

TEST(Capture, FramedBytesAreTakenAsTheyAre) {
  const Capture capture = read_capture(encode_frame(kMessage) + encode_frame("PID|\n1"));
  EXPECT_TRUE(capture.framed);
  ASSERT_EQ(capture.messages.size(), 2u);
  EXPECT_EQ(capture.messages[0].bytes, kMessage);
  EXPECT_EQ(capture.messages[1].bytes, "PID|\n1");
}

TEST(Capture, BareMessagesBeginAtMshWhateverTheLineEnds) {
  for (const std::string end : {"\r", "\n", "\r\n"}) {
    const std::string text = "FHS|^~\\&" + end + "BHS|^~\\&" + end + "MSH|1" + end + "PID|1" + end +
                             end + "MSH|2" + end + "BTS|2" + end + "FTS|1" + end;
    const Capture capture = read_capture(text);
    ASSERT_EQ(capture.messages.size(), 2u);
    EXPECT_EQ(capture.messages[0].bytes, "MSH|1\rPID|1\r");
    EXPECT_EQ(capture.messages[1].bytes, "MSH|2\r");
    EXPECT_EQ(capture.stray_lines, 0u);
  }
}

TEST(Capture, WhatStandsOutsideAnyMessageIsCounted) {
  EXPECT_EQ(read_capture("a note\nPID|1\nMSH|1\n").stray_lines, 2u);
  EXPECT_EQ(read_capture("").messages.size(), 0u);
}

TEST(Tally, KeepsManyValuesAndCountsTheRestAsOne) {
  Tally tally;
  for (size_t i = 0; i < Tally::kValuesMax + 10; ++i) tally.add("v" + std::to_string(i));
  EXPECT_EQ(tally.rows().size(), Tally::kValuesMax + 1);
  EXPECT_EQ(tally.of("(others)"), 10u);
  EXPECT_EQ(tally.total(), Tally::kValuesMax + 10);
}

TEST(Tally, WhatCouldNameAPersonIsShownByItsShape) {
  EXPECT_EQ(shape_of("E5550001"), "A9{7}");
  EXPECT_EQ(shape_of("01 632-9"), "99 9{3}-9");
  EXPECT_EQ(shape_of("a\nb"), "A?A");
  EXPECT_EQ(shown("NHSNBR"), "NHSNBR");
  EXPECT_EQ(shown("FIN NBR"), "FIN NBR");
  EXPECT_EQ(shown("9123456787"), "<9{10}>");
  EXPECT_EQ(shown("O'Brien"), "<A'A{5}>");
}

TEST(Survey, SaysWhatThereIsAndNeverWhomItIsAbout) {
  for (const std::string folder : {"epic", "cerner", "systmone"}) {
    const std::string text = survey_of(folder).report() + survey_of(folder).draft();
    for (const char* name : {"Harrow", "Tamsin", "Okafor", "Anouk", "Dowd", "Trefor", "Danjuma",
                             "20200512", "E7700101", "0088101", "3C-1001", "01632960021", "500103",
                             "70010001", "Fern Bank", "XA1 4TT", "Mill Lane"}) {
      EXPECT_THAT(text, Not(HasSubstr(name))) << folder;
    }
    EXPECT_THAT(text, Not(ContainsRegex("9[1-3][0-9]{8}"))) << folder;
  }
}

TEST(Survey, FindsTriggersFormsTimesAndWhatIsMissing) {
  const std::string text = survey_of("epic").report();
  EXPECT_THAT(text, ContainsRegex("# 39 messages in 39 files"));
  EXPECT_THAT(text, ContainsRegex("3  ADT\\^A03"));
  EXPECT_THAT(text, ContainsRegex("make none[^#]*\n#.*1  ADT\\^A09"));
  EXPECT_THAT(text, ContainsRegex("\"NHS\", \"HN\"  [0-9]+ valid  9\\{10\\}"));
  EXPECT_THAT(text, ContainsRegex("\"X1A\", \"MR\"  0 valid  A9\\{7\\}"));
  EXPECT_THAT(text, ContainsRegex("EVN-6.1 +to the second"));
  EXPECT_THAT(text, ContainsRegex("PV1-19, of a visit"));
  EXPECT_THAT(survey_of("systmone").report(), ContainsRegex("to the second, with an offset"));
  EXPECT_THAT(survey_of("systmone").report(), ContainsRegex("PID-2.1 +9\\{10\\}"));
  EXPECT_THAT(survey_of("cerner").report(), ContainsRegex("8859/1"));
  EXPECT_THAT(survey_of("cerner").report(), ContainsRegex("iso-8859-1|latin|8859"));
}

TEST(Survey, ItsDraftLoadsAndKnowsTheFeed) {
  const Mapping epic = drafted("epic");
  EXPECT_EQ(epic.identifiers.size(), 2u);
  EXPECT_EQ(epic.visit.number.text(), "PV1-19.1");
  EXPECT_EQ(epic.discharge.method.text(), "PV1-36.1");
  EXPECT_EQ(epic.practice_places.at(0).text(), "PD1-3.3");
  EXPECT_EQ(epic.sites.size(), 2u);
  EXPECT_EQ(epic.sending_applications, std::vector<std::string>{"EPICADT"});
  const Mapping cerner = drafted("cerner");
  EXPECT_EQ(cerner.discharge.method.text(), "PV1-37.1");
  EXPECT_EQ(cerner.classify("EMERGENCY"), PatientClass::kEmergency);
  EXPECT_EQ(cerner.classify("OUTPATIENT"), PatientClass::kOutside);
  EXPECT_EQ(cerner.verified_codes, std::vector<std::string>{"NSTS01"});
  const Mapping community = drafted("systmone");
  EXPECT_EQ(community.more_nhs_number_places.at(0).text(), "PID-2.1");
  EXPECT_EQ(community.appointment.starts.at(0).text(), "AIS-4");
}

TEST(Survey, ADraftOfNothingOrOfAnythingStillLoads) {
  EXPECT_TRUE(parse_mapping(Survey().report() + Survey().draft(), "d.toml").ok());
  Survey odd;
  odd.add_file(read_capture(encode_frame("MSH|^~\\&|\"]\n[x]|=#|||nonsense||\\X0A\\^\"|1|P|2\r"
                                         "PID|1||7^^^\"a\\.br\\b\"^'x\rPV1|1|\"E|^^^\"\n]\r") +
                            "\x0b"
                            "cut"));
  const std::string text = odd.report() + odd.draft();
  const auto loaded = parse_mapping(text, "d.toml");
  EXPECT_TRUE(loaded.ok()) << loaded.error().text << text;
}

}  // namespace switchboard::mllp
