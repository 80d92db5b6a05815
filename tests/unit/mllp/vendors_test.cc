// Each worked example of deploy/config with its sample messages and what they become.
//
// The expectation stands beside the samples; EXPECTED_REWRITE=1 writes it anew, and the reviewer
// reads the difference.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "adapters/mllp/triggers.h"
#include "tests/unit/mllp/samples.h"

namespace switchboard::mllp {
namespace {

struct Vendor {
  const char* name;
  const char* agency;
};
std::ostream& operator<<(std::ostream& out, const Vendor& vendor) { return out << vendor.name; }
constexpr Vendor kVendors[] = {{"epic", "X1A"}, {"cerner", "X2B"}, {"systmone", "X3C"}};

std::string folder_of(const Vendor& vendor) {
  return std::string(SWITCHBOARD_SOURCE_DIR) + "/tests/support/hl7/" + vendor.name;
}

Mapping mapping_of(const Vendor& vendor) {
  auto mapping = load_mapping(std::string(SWITCHBOARD_SOURCE_DIR) + "/deploy/config/mapping-" +
                              vendor.name + "-shaped.toml");
  EXPECT_TRUE(mapping.ok()) << mapping.error().text;
  return std::move(mapping).value();
}

std::vector<std::string> samples_of(const Vendor& vendor) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder_of(vendor))) {
    if (entry.path().extension() == ".hl7") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Outcome outcome_of(const Vendor& vendor, const std::string& name) {
  return map_message(sample(std::string(vendor.name) + "/" + name), mapping_of(vendor),
                     {.agency = vendor.agency, .system = "EPR"}, kReceived, nullptr);
}

// What every event of the mapping has is left out, and bytes that say nothing to a reader.
std::string text_of(v1::Event event) {
  v1::EventHeader& header = *event.mutable_header();
  for (const char* field : {"event_id", "id_origin", "agency", "system", "kind_version",
                            "from_team", "call_back", "out_of_hours", "represents", "not_covered",
                            "lawful_basis", "purpose", "channel", "environment"}) {
    header.GetReflection()->ClearField(&header, header.GetDescriptor()->FindFieldByName(field));
  }
  if (!header.routed_fields_hash().empty()) header.set_routed_fields_hash("set");
  v1::Source& source = *event.mutable_source();
  source.set_content(std::to_string(source.content().size()) + " bytes");
  std::string text;
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  printer.PrintToString(event, &text);
  return text;
}

std::string text_of(const Outcome& outcome) {
  if (const auto* out = std::get_if<OutOfScope>(&outcome)) {
    return "out of scope: " + out->trigger + " (" + out->why + ")\n";
  }
  if (const auto* held = std::get_if<Unreadable>(&outcome)) {
    return "quarantined: " + held->problem.code + "\n";
  }
  if (const auto* refused = std::get_if<Refused>(&outcome)) {
    return "refused: " + refused->error.location + "\n";
  }
  std::string text;
  for (const MappedEvent& mapped : std::get<Mapped>(outcome).events) {
    text += "event\n" + text_of(mapped.event);
    for (const std::string& note : mapped.notes) text += "# note: " + note + "\n";
  }
  return text;
}

std::string row_name(const TriggerRow& row) {
  return std::string(row.type) + "^" + std::string(row.trigger) + " " +
         std::string(words(row.when));
}

class Vendors : public testing::TestWithParam<Vendor> {};

}  // namespace

TEST_P(Vendors, EachSampleBecomesWhatIsExpected) {
  std::string all;
  for (const std::string& name : samples_of(GetParam())) {
    all += "==== " + name + "\n" + text_of(outcome_of(GetParam(), name)) + "\n";
  }
  const std::string file = folder_of(GetParam()) + "/expected.txt";
  if (std::getenv("EXPECTED_REWRITE") != nullptr) std::ofstream(file) << all;
  EXPECT_EQ(all, read_file(file));
}

TEST_P(Vendors, EverySummaryIsASentenceAndNamesNobody) {
  for (const std::string& name : samples_of(GetParam())) {
    const Outcome outcome = outcome_of(GetParam(), name);
    const auto* mapped = std::get_if<Mapped>(&outcome);
    if (!mapped) continue;
    for (const MappedEvent& one : mapped->events) {
      const std::string& text = one.event.summary().text();
      EXPECT_THAT(text, testing::EndsWith(".")) << name;
      EXPECT_THAT(text, testing::Not(testing::HasSubstr(".."))) << name;
      EXPECT_THAT(text, testing::Not(testing::HasSubstr(", on on"))) << name;
      // The unborn have no name, and no sentence ends in an empty one.
      const std::string family = one.event.identity().name().family() + "?";
      EXPECT_THAT(text, testing::Not(testing::HasSubstr(family.substr(0, 5)))) << name;
    }
  }
}

TEST_P(Vendors, EachEventIsOfItsOwnIdAndItsOwnPerson) {
  std::set<std::string> ids;
  for (const std::string& name : samples_of(GetParam())) {
    const Outcome outcome = outcome_of(GetParam(), name);
    const auto* mapped = std::get_if<Mapped>(&outcome);
    if (!mapped) continue;
    for (const MappedEvent& one : mapped->events) {
      EXPECT_TRUE(ids.insert(one.event.header().event_id()).second) << name;
      EXPECT_FALSE(one.event.header().trigger().empty()) << name;
      const std::string& bytes = one.event.source().content();
      const size_t first = bytes.find("\rPID|");
      EXPECT_EQ(bytes.find("\rPID|", first + 1), bytes.npos) << name << ": two people in one event";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Vendors, testing::ValuesIn(kVendors),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(VendorSamples, EveryRowOfTheTriggerTableIsShownByOne) {
  std::set<std::string> missing;
  for (const TriggerRow& row : trigger_rows()) missing.insert(row_name(row));
  // An adult's own missed appointment leaves no trust of the three: Appointments shows it.
  missing.erase("SIU^S26 any");
  for (const Vendor& vendor : kVendors) {
    const Mapping mapping = mapping_of(vendor);
    for (const std::string& name : samples_of(vendor)) {
      const std::string raw = sample(std::string(vendor.name) + "/" + name);
      const auto message = Message::parse(raw, LineEnds::kAny);
      const MessageFacts facts = facts_of(std::get<Message>(message), mapping, kReceived);
      if (const TriggerRow* row = find_trigger(facts)) missing.erase(row_name(*row));
    }
  }
  EXPECT_THAT(missing, testing::IsEmpty());
}

}  // namespace switchboard::mllp
