#include "adapters/mllp/mapping_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/base/toml_text.h"
#include "tests/unit/mllp/samples.h"

namespace switchboard::mllp {
namespace {

constexpr const char* kLeast = R"(
name = "least"
[from]
team = "net"
call_back = { name = "Team", phone = "01632 960100" }
[[identifier]]
authority = "NHS"
type_code = "NH"
is = "nhs_number"
)";

std::string problem(const std::string& more, const std::string& base = kLeast) {
  const auto parsed = parse_mapping(more + base, "m.toml");
  return parsed.ok() ? "" : parsed.error().text;
}

}  // namespace

TEST(MappingFile, TheExampleLoadsAndSaysEverything) {
  const Mapping m = example_mapping();
  EXPECT_EQ(m.identifiers.size(), 6u);
  EXPECT_EQ(m.visit.number.text(), "PV1-19.1");
  EXPECT_EQ(m.urgency_of("ed_attendance"), v1::URGENCY_URGENT);
  EXPECT_EQ(m.sites.at("XB201").name, "Southmoor Infirmary");
}

TEST(MappingFile, TheLeastFileHasSensibleDefaults) {
  const auto m = parse_mapping(kLeast, "m.toml");
  ASSERT_TRUE(m.ok()) << m.error().text;
  EXPECT_EQ(m->classify("E"), PatientClass::kEmergency);
  EXPECT_EQ(m->classify("I"), PatientClass::kInpatient);
  EXPECT_EQ(m->classify("O"), PatientClass::kOutside);
  EXPECT_EQ(m->urgency_of("admission"), v1::URGENCY_ROUTINE);
  EXPECT_EQ(m->scope.adults, Adults::kNone);
}

TEST(MappingFile, AnUnknownKeyIsAnErrorWithItsPlace) {
  EXPECT_EQ(problem("timezone = \"Europe/London\"\n"),
            "m.toml:1:1: unknown key 'timezone' in the file");
  EXPECT_THAT(problem("[visit]\nnumbr = \"PV1-19\"\n", ""), testing::HasSubstr("m.toml:2:1: "));
}

TEST(MappingFile, TheExampleShowsEveryKey) {
  const std::string path =
      std::string(SWITCHBOARD_SOURCE_DIR) + "/deploy/config/mapping-example.toml";
  const auto absent = absent_keys(read_file(path), path);
  ASSERT_TRUE(absent.ok()) << absent.error().text;
  EXPECT_THAT(*absent, testing::IsEmpty());
}

TEST(MappingFile, AKeyThatIsLeftOutIsNamedWithItsTable) {
  const auto absent = absent_keys(kLeast, "m.toml");
  ASSERT_TRUE(absent.ok());
  EXPECT_THAT(*absent, testing::Contains("the file visit"));
  EXPECT_THAT(*absent, testing::Contains("[from] purpose"));
}

TEST(MappingFile, AKindThatIsNotMadeIsAnErrorWithItsLine) {
  EXPECT_THAT(problem("", "[scope]\nkinds = [\"admision\"]\n"),
              testing::HasSubstr("'admision' is no kind; kinds are: ed_attendance, admission,"));
  EXPECT_THAT(problem("", "[urgency]\nnot_bought = \"urgent\"\n"),
              testing::HasSubstr("'not_bought' is no kind"));
}

TEST(MappingFile, AMissedVisitIsNotWantedWithoutWhatTakesItBack) {
  EXPECT_THAT(problem("", std::string(kLeast) + "[scope]\nkinds = [\"not_brought\"]\n"),
              testing::HasSubstr("not_brought needs appointment"));
  EXPECT_EQ(
      problem("", std::string(kLeast) + "[scope]\nkinds = [\"not_brought\", \"appointment\"]\n"),
      "");
}

TEST(MappingFile, CodesAreLaidOverTheUsualOnesWhateverTheirCase) {
  const auto m = parse_mapping(std::string(kLeast) +
                                   "[appointment]\nattendance_codes = { wnb = \"not_seen\", 5 = "
                                   "\"cancelled\" }\n",
                               "m.toml");
  ASSERT_TRUE(m.ok()) << m.error().text;
  EXPECT_EQ(m->appointment.attendance_of("WNB"), Attendance::kNotSeen);
  EXPECT_EQ(m->appointment.attendance_of("Wnb"), Attendance::kNotSeen);
  EXPECT_EQ(m->appointment.attendance_of("5"), Attendance::kCancelled);
  EXPECT_EQ(m->appointment.attendance_of("3"), Attendance::kNotSeen);
  EXPECT_THAT(
      problem("", std::string(kLeast) + "[appointment]\nattendance_codes = { X = \"gone\" }\n"),
      testing::HasSubstr("'gone' is none of: booked"));
}

TEST(MappingFile, AListOfFieldsTakesThePlaceOfTheUsualOne) {
  const auto m = parse_mapping(
      std::string(kLeast) + "[appointment]\nstarts = []\n[place_of_care]\nfield = \"\"\n",
      "m.toml");
  ASSERT_TRUE(m.ok()) << m.error().text;
  EXPECT_TRUE(m->appointment.starts.empty());
  EXPECT_TRUE(m->places.site.empty());
  EXPECT_EQ(m->places.more_sites.size(), 1u);
}

TEST(MappingFile, EveryErrorIsToldAtOnce) {
  const std::string text = problem("time_zone = \"Europe/Londn\"\nline_ends = \"dos\"\nx = 1\n");
  EXPECT_THAT(text, testing::HasSubstr("m.toml:1:13: time zone is not in the tz database"));
  EXPECT_THAT(text, testing::HasSubstr("m.toml:2:13: 'dos' is none of: cr, any"));
  EXPECT_THAT(text, testing::HasSubstr("m.toml:3:1: unknown key 'x'"));
}

TEST(MappingFile, WrongValuesAreRefused) {
  EXPECT_THAT(problem("charset_fallback = \"EBCDIC\"\n"), testing::HasSubstr("EBCDIC"));
  EXPECT_THAT(problem("practice_fields = [\"PD13\"]\n"), testing::HasSubstr("no field"));
  EXPECT_THAT(problem("practice_fields = \"PD1-3\"\n"), testing::HasSubstr("a list of texts"));
  EXPECT_THAT(problem("name = 7\n", ""), testing::HasSubstr("a text in quotes"));
  EXPECT_THAT(problem("name = \n"), testing::HasSubstr("m.toml:"));
  EXPECT_THAT(problem("", "name = \"x\"\n"), testing::HasSubstr("needs [from]"));
  EXPECT_THAT(problem("[urgency]\nadmission = \"soon\"\n"),
              testing::HasSubstr("'soon' is none of"));
}

TEST(MappingFile, BrokenTomlIsAnErrorNeverAnAbort) {
  for (const char* text : {"[=]", "[#", "[\x01]", "= 1", "[[", "a = ", "a = \"\\q\"", "\xff"}) {
    EXPECT_THAT(problem(text, ""), testing::StartsWith("m.toml:")) << text;
  }
}

TEST(MappingFile, TypographicQuotesAreFoundWithTheirPlace) {
  EXPECT_EQ(problem("# “fine here” and 'é' there\nname = “x”\n", ""),
            "m.toml:2:8: this character cannot stand here: outside quotes and comments only plain "
            "ASCII may");
  EXPECT_TRUE(find_foreign_byte("a = \"\"\"é\n\\\"é\"\"\" # é\nb = 'é'") == std::nullopt);
  // What follows a second '=' is no string, whatever quotes stand there.
  EXPECT_TRUE((find_foreign_byte("a = 30==\"é\"") == TextPlace{1, 7}));
  EXPECT_TRUE((find_foreign_byte("a = 30='é'") == TextPlace{1, 7}));
  EXPECT_TRUE(find_foreign_byte("a = [{b = 1, c = 'é'},\n {b = 2}]\nd = 'é'") == std::nullopt);
}

TEST(FieldPlace, IsReadAsPeopleWriteIt) {
  EXPECT_EQ(FieldPlace::parse("PV1-19.1")->text(), "PV1-19.1");
  EXPECT_EQ(FieldPlace::parse("ZU1-2")->text(), "ZU1-2");
  for (const char* text : {"", "PV1", "PV1-", "PV1-0", "PV1-x", "PV1-1.", "PV1-1.0", "PV1-1.1.1",
                           "pv1-1", "PV1-99999"}) {
    EXPECT_EQ(FieldPlace::parse(text).has_value(), false) << text;
  }
}

}  // namespace switchboard::mllp
