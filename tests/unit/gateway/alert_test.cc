#include "services/gateway/alert.h"

#include <gmock/gmock.h>

namespace switchboard::gateway {
namespace {

v1::Entry entry() {
  v1::Entry e;
  e.set_number(5);
  e.mutable_notice()->set_type(v1::ENTRY_TYPE_DELIVERY);
  e.mutable_notice()->set_event_id(std::string(16, '\x11'));
  e.mutable_notice()->set_subject(std::string(16, '\xab'));
  v1::EventHeader header;
  header.set_kind("concern");
  e.set_header(header.SerializeAsString());
  v1::Identity identity;
  identity.mutable_name()->set_family("TESTCHILD");
  v1::Section& section = *e.add_sections();
  section.set_kind(v1::SECTION_KIND_IDENTITY);
  section.set_body(identity.SerializeAsString());
  return e;
}

TEST(Alert, HasWhatTheHubDisclosedDecoded) {
  const auto alert = to_alert(entry());
  EXPECT_EQ(alert.number(), 5u);
  EXPECT_EQ(alert.header().kind(), "concern");
  EXPECT_EQ(alert.identity().name().family(), "TESTCHILD");
  EXPECT_EQ(alert.child(), "abababababababababababababababab");
  EXPECT_EQ(alert.reference(), "11111111-1111-1111-1111-111111111111");
  EXPECT_FALSE(alert.has_summary());
}
TEST(Alert, OfAPointerHasNeitherHeaderNorChild) {
  v1::Entry pointer = entry();
  pointer.clear_header();
  pointer.clear_sections();
  pointer.mutable_notice()->clear_subject();
  const auto alert = to_alert(pointer);
  EXPECT_FALSE(alert.has_header());
  EXPECT_FALSE(alert.has_identity());
  EXPECT_EQ(alert.child(), "");
}
TEST(Alert, NeverHasTheSourcesBytes) {
  v1::Entry e = entry();
  v1::Section& section = *e.add_sections();
  section.set_kind(v1::SECTION_KIND_SOURCE);
  section.set_body("MSH|secret");
  EXPECT_EQ(to_alert(e).SerializeAsString().find("secret"), std::string::npos);
}
// P4.
TEST(Alert, ThatCannotBeDecodedStillSaysThatItIsThere) {
  v1::Entry e = entry();
  e.set_header("\xff\xff");
  e.mutable_sections(0)->set_body("\xff\xff");
  const auto alert = to_alert(e);
  EXPECT_FALSE(alert.has_header());
  EXPECT_FALSE(alert.has_identity());
  EXPECT_EQ(alert.notice().type(), v1::ENTRY_TYPE_DELIVERY);
}

}  // namespace
}  // namespace switchboard::gateway
