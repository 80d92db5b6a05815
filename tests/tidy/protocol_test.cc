// The worked examples of PROTOCOL.md are made by the code, so they cannot rot.
#include <gtest/gtest.h>

#include "broker/base/bytes.h"
#include "broker/base/ids.h"
#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/session.pb.h"
#include "tests/tidy/tree.h"

namespace switchboard {

// The bytes of the fenced block that begins with "```kind", without white space.
std::string block(const std::string& kind) {
  const tidy::Tree tree = tidy::read_tree(std::string(SWITCHBOARD_SOURCE_DIR "/proto"));
  const tidy::File* doc = tree.find("PROTOCOL.md");
  if (doc == nullptr) return "no PROTOCOL.md";
  const size_t from = doc->text.find("```" + kind + "\n");
  if (from == std::string::npos) return "no block " + kind;
  const size_t start = from + kind.size() + 4;
  std::string text = doc->text.substr(start, doc->text.find("```", start) - start);
  std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0; });
  return text;
}

Id example_id() {
  return derive_event_id({.agency = "X26",
                          .system = "PAS",
                          .message_id = "1001",
                          .bytes = "MSH|a",
                          .time = {1'700'000'000'000'000}});
}

v1::EventHeader example_header() {
  v1::EventHeader header;
  header.set_event_id(std::string(example_id().view()));
  header.set_id_origin(v1::ID_ORIGIN_DERIVED);
  header.set_agency("X26");
  header.set_system("PAS");
  header.set_source_message_id("1001");
  header.set_kind("ed_attendance");
  header.set_kind_version(1);
  header.mutable_occurred()->set_earliest_us(1'700'000'000'000'000);
  header.mutable_occurred()->set_latest_us(1'700'000'060'000'000);
  header.set_from_team("X26-ED");
  header.mutable_call_back()->set_phone("01632 960001");
  header.set_channel(v1::CHANNEL_ELECTRONIC);
  header.set_urgency(v1::URGENCY_URGENT);
  header.set_environment(v1::ENVIRONMENT_TEST);
  return header;
}

std::string example_frame() {
  v1::ClientFrame frame;
  v1::Publish& publish = *frame.mutable_publish();
  for (char c = 0; c < 16; ++c) publish.mutable_outbox()->push_back(c);
  publish.set_first(1);
  v1::Item& item = *publish.add_items();
  item.set_header(example_header().SerializeAsString());

  v1::Identity identity;
  identity.mutable_name()->set_family("Example");
  identity.set_birth_date("2023-01-31");
  v1::Section& who = *item.add_sections();
  who.set_kind(v1::SECTION_KIND_IDENTITY);
  who.set_body(identity.SerializeAsString());

  v1::Detail detail;
  detail.mutable_ed_attendance()->set_chief_complaint("fall");
  v1::Section& what = *item.add_sections();
  what.set_kind(v1::SECTION_KIND_DETAIL);
  what.set_body(detail.SerializeAsString());
  return frame.SerializeAsString();
}

TEST(Protocol, TheExampleIdIsDerivedAsWritten) { EXPECT_EQ(block("id"), to_string(example_id())); }

TEST(Protocol, TheExampleBytesAreThisPublish) { EXPECT_EQ(block("hex"), to_hex(example_frame())); }

TEST(Protocol, TheExampleBytesParseAsAClientFrame) {
  const auto bytes = from_hex(block("hex"));
  ASSERT_TRUE(bytes);
  v1::ClientFrame frame;
  ASSERT_TRUE(frame.ParseFromString(*bytes));
  ASSERT_TRUE(frame.has_publish());
  EXPECT_EQ(frame.publish().first(), 1u);
}

}  // namespace switchboard
