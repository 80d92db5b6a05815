// What is walked in place is what protobuf would have parsed; everything else is left to it.
#include "broker/server/publish_frame.h"

#include <gtest/gtest.h>

#include "tests/support/builders.h"

namespace switchboard::server {
namespace {

v1::ClientFrame sample() {
  v1::ClientFrame frame;
  auto& publish = *frame.mutable_publish();
  publish.set_outbox("sixteen bytes ok");
  publish.set_first(300);
  *publish.add_items() = support::Event("concern", "1").item();
  publish.add_items();  // nothing in it is a form of an item too
  *publish.add_items() = support::Event("discharge", "2").item();
  return frame;
}

void expect_same(const PublishFrame& walked, const v1::Publish& parsed) {
  EXPECT_EQ(walked.outbox(), parsed.outbox());
  EXPECT_EQ(walked.first(), parsed.first());
  ASSERT_EQ(walked.items(), static_cast<size_t>(parsed.items_size()));
  for (int i = 0; i < parsed.items_size(); ++i) {
    const auto item = walked.item(static_cast<size_t>(i));
    EXPECT_EQ(item.header, parsed.items(i).header());
    ASSERT_EQ(item.sections.size(), static_cast<size_t>(parsed.items(i).sections_size()));
    for (int s = 0; s < parsed.items(i).sections_size(); ++s) {
      EXPECT_EQ(item.sections[static_cast<size_t>(s)].kind, parsed.items(i).sections(s).kind());
      EXPECT_EQ(item.sections[static_cast<size_t>(s)].body, parsed.items(i).sections(s).body());
    }
  }
}

TEST(PublishFrame, IsWalkedInPlaceAsItWouldHaveBeenParsed) {
  const std::string bytes = sample().SerializeAsString();
  PublishFrame walked;
  ASSERT_TRUE(walked.walk(bytes));
  expect_same(walked, sample().publish());
  EXPECT_GE(walked.item(0).header.data(), bytes.data()) << "a view of the frame, not a copy";
  EXPECT_LT(walked.item(0).header.data(), bytes.data() + bytes.size());
}

TEST(PublishFrame, ForgetsTheFrameBefore) {
  PublishFrame walked;
  const std::string first = sample().SerializeAsString();
  ASSERT_TRUE(walked.walk(first));
  v1::ClientFrame empty;
  empty.mutable_publish();
  const std::string second = empty.SerializeAsString();
  ASSERT_TRUE(walked.walk(second));
  expect_same(walked, empty.publish());
}

TEST(PublishFrame, OfAnObjectIsTheSame) {
  const v1::ClientFrame frame = sample();
  PublishFrame referring;
  referring.refer_to(frame.publish());
  expect_same(referring, frame.publish());
}

TEST(PublishFrame, LeavesEveryFrameThatIsCutShortToProtobuf) {
  const std::string bytes = sample().SerializeAsString();
  PublishFrame walked;
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(walked.walk(std::string_view(bytes).substr(0, size))) << size;
  }
}

TEST(PublishFrame, LeavesWhatIsNotOfThePlainFormToProtobuf) {
  const std::string plain = sample().SerializeAsString();
  v1::ClientFrame ping;
  ping.mutable_ping();
  PublishFrame walked;
  EXPECT_FALSE(walked.walk(ping.SerializeAsString()));
  EXPECT_FALSE(walked.walk(plain + ping.SerializeAsString())) << "the last of a oneof counts";
  EXPECT_FALSE(walked.walk(plain + plain)) << "protobuf would merge them";
  EXPECT_FALSE(walked.walk(std::string("\x12\x02\x48\x01", 4))) << "an unknown field";
  EXPECT_FALSE(walked.walk(std::string("\x12\x0b\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13)))
      << "a number of ten bytes";
}

}  // namespace
}  // namespace switchboard::server
