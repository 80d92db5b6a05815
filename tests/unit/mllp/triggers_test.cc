#include "adapters/mllp/triggers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "adapters/mllp/split.h"
#include "tests/unit/mllp/samples.h"

namespace switchboard::mllp {
namespace {

std::string nature_words(const TriggerRow& row) {
  if (row.nature == v1::CORRECTION_NATURE_VOID) return " (void) of `";
  return " (superseded) of `";
}

std::string change_words(v1::IdentityChange change) {
  std::string word = v1::IdentityChange_Name(change).substr(std::string("IDENTITY_CHANGE_").size());
  for (char& c : word) c = static_cast<char>(c == '_' ? ' ' : c + 32);
  return ": " + word;
}

std::string page_line(const TriggerRow& row) {
  std::string makes = "`" + std::string(row.kind) + "`";
  if (!row.target_kind.empty()) makes += nature_words(row) + std::string(row.target_kind) + "`";
  if (row.change != v1::IDENTITY_CHANGE_UNSPECIFIED) makes += change_words(row.change);
  return "| " + std::string(row.type) + "^" + std::string(row.trigger) + " | " +
         std::string(words(row.when)) + " | " + makes + " | " + std::string(row.note) + " |";
}

MessageFacts adt(std::string trigger, PatientClass patient_class) {
  return {.type = "ADT", .trigger = std::move(trigger), .patient_class = patient_class};
}

Parts parts_of(const std::string& raw) {
  const auto message = Message::parse(raw, LineEnds::kCr);
  const Value type = std::get<Message>(message).msh().field(9);
  auto done = split(std::get<Message>(message), type.component(1).raw(), type.component(2).raw());
  if (auto* parts = std::get_if<Parts>(&done)) return std::move(*parts);
  ADD_FAILURE() << std::get<Problem>(done).code;
  return {};
}
std::string problem_of(const std::string& raw) {
  const auto message = Message::parse(raw, LineEnds::kCr);
  const Value type = std::get<Message>(message).msh().field(9);
  auto done = split(std::get<Message>(message), type.component(1).raw(), type.component(2).raw());
  const auto* problem = std::get_if<Problem>(&done);
  return problem ? problem->code : "";
}

}  // namespace

TEST(Triggers, ThePageIsTheTable) {
  std::istringstream page(
      read_file(std::string(SWITCHBOARD_SOURCE_DIR) + "/adapters/mllp/TRIGGERS.md"));
  std::vector<std::string> printed;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| ") && line.find('^') == 5) printed.push_back(line);
  }
  std::vector<std::string> table;
  for (const TriggerRow& row : trigger_rows()) table.push_back(page_line(row));
  EXPECT_EQ(printed, table);
}

TEST(Triggers, EveryCorrectionNamesAKindThatSomeRowMakes) {
  for (const TriggerRow& row : trigger_rows()) {
    EXPECT_TRUE(is_known_kind(row.kind)) << row.kind;
    EXPECT_EQ(row.kind == "correction", !row.target_kind.empty()) << row.trigger;
    EXPECT_EQ(row.kind == "identity_changed", row.change != v1::IDENTITY_CHANGE_UNSPECIFIED);
    EXPECT_TRUE(is_known_kind(row.content_kind())) << row.content_kind();
  }
}

TEST(Triggers, NoRowIsHiddenByOneBeforeIt) {
  std::set<std::string> always;
  for (const TriggerRow& row : trigger_rows()) {
    const std::string name = std::string(row.type) + "^" + std::string(row.trigger);
    EXPECT_FALSE(always.contains(name)) << name << " " << words(row.when);
    if (row.when == When::kAlways) always.insert(name);
  }
}

TEST(Triggers, AClassWithoutARowIsOutOfScopeNotUnmapped) {
  EXPECT_TRUE(is_mapped_trigger("ADT", "A04"));
  EXPECT_EQ(find_trigger(adt("A04", PatientClass::kInpatient)), nullptr);
  EXPECT_EQ(why_no_row(adt("A04", PatientClass::kInpatient)), "patient class");
  EXPECT_FALSE(is_mapped_trigger("ADT", "A09"));
}

TEST(Triggers, ADeathEndsTheVisitOnce) {
  MessageFacts facts = adt("A03", PatientClass::kInpatient);
  EXPECT_EQ(find_trigger(facts)->kind, "discharge");
  facts.died = true;
  EXPECT_EQ(find_trigger(facts)->kind, "death");
  facts.patient_class = PatientClass::kOutside;
  EXPECT_EQ(find_trigger(facts), nullptr);
}

TEST(Triggers, AnAdultIsNeverNotBroughtButTheUnbornOfAMaternityVisitIs) {
  MessageFacts facts{.type = "SIU", .trigger = "S26", .attendance = Attendance::kNotSeen};
  EXPECT_EQ(find_trigger(facts)->kind, "not_brought");
  facts.adult = true;
  EXPECT_EQ(find_trigger(facts)->kind, "appointment");
  facts.maternity = true;
  EXPECT_EQ(find_trigger(facts)->kind, "not_brought");
}

TEST(Split, APartHasWhatIsSharedAndItsOwnSegments) {
  const std::string msh = "MSH|^~\\&|A|B|||1||SIU^S12|1|P|2.4\r";
  const std::string raw = msh + "SCH|1\rPID|1\rPV1|1|O\rPID|2\rPV1|2|O\rRGS|1\rAIS|1\r";
  EXPECT_EQ(parts_of(raw), (Parts{{0, 1, 2, 3, 6, 7}, {0, 1, 4, 5, 6, 7}}));
  const std::string one = msh + "SCH|1\rPID|1\rRGS|1\r";
  EXPECT_EQ(parts_of(one), (Parts{{0, 1, 2, 3}}));
}

TEST(Split, ASecondPersonWhereThereIsOneIsAProblemNotAGuess) {
  EXPECT_EQ(problem_of("MSH|^~\\&|A|B|||1||ADT^A01|1|P|2.4\rPID|1\rPID|2\r"), "second_person");
  EXPECT_EQ(problem_of("MSH|^~\\&|A|B|||1||ORM^O01|1|P|2.4\rPID|1\rORC|NW\rORC|NW\rPID|2\r"),
            "second_person");
}

TEST(Split, AMessageAboutTooManyIsHeldWhole) {
  std::string raw = "MSH|^~\\&|A|B|||1||ADT^A40|1|P|2.4\r";
  for (size_t i = 0; i <= kPartsMax; ++i) raw += "PID|1\rMRG|1\r";
  EXPECT_EQ(problem_of(raw), "too_many_parts");
}

}  // namespace switchboard::mllp
