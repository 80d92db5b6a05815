#include "services/gateway/masked_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::gateway {
namespace {

using google::protobuf::FieldDescriptor;

// Each field set to something, also those that this test has never heard of.
v1::EventRow filled() {
  v1::EventRow row;
  const auto& access = *row.GetReflection();
  for (int i = 0; i < row.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = row.GetDescriptor()->field(i);
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        access.SetString(&row, field, "9126040018");
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        access.SetUInt64(&row, field, 7);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        access.SetInt64(&row, field, 7);
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        access.SetUInt32(&row, field, 7);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        access.SetBool(&row, field, true);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        access.SetEnumValue(&row, field, 1);
        break;
      default:
        ADD_FAILURE() << field->name() << ": fill it here, and think about masked()";
    }
  }
  return row;
}

TEST(MaskedRow, OfASourcesMessageIdTheLengthAndTheLastTwoCharactersAreLeft) {
  EXPECT_EQ(masked_id("9126040018"), "********18");
  EXPECT_EQ(masked_id("HARROW"), "****OW");
  EXPECT_EQ(masked_id("M1234"), "*****") << "two of so few say too much";
  EXPECT_EQ(masked_id(""), "");
  EXPECT_EQ(masked_id("Zo\xc3\xab 1234"), "*********") << "half a character is no text";
  EXPECT_EQ(masked_id("Nia Harrow"), "**********");
}

// P9: a field that nobody has thought of is not shown.
TEST(MaskedRow, OnlyWhatIsNamedIsShown) {
  const v1::EventRow out = masked(filled());
  std::vector<const FieldDescriptor*> fields;
  out.GetReflection()->ListFields(out, &fields);
  std::vector<std::string> kept;
  for (const auto* field : fields) kept.push_back(field->name());
  EXPECT_THAT(kept,
              testing::UnorderedElementsAre(
                  "position", "event_id", "agency", "system", "kind", "urgency", "accepted_us",
                  "occurred_us", "disposition", "code", "text", "recipients", "unverified_identity",
                  "environment", "source_message_id", "reused_source_id", "payload_bytes"));
  EXPECT_EQ(out.source_message_id(), "********18");
}

}  // namespace
}  // namespace switchboard::gateway
