#include "services/cli/render_inbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/cli/terminal.h"
#include "switchboard/v1/event.pb.h"

namespace switchboard::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Time kNow{1'795'330'324'000'000};  // 2026-11-22T06:52:04Z

v1::Entry delivery() {
  v1::Entry entry;
  entry.set_number(3);
  auto& n = *entry.mutable_notice();
  n.set_type(v1::ENTRY_TYPE_DELIVERY);
  n.set_event_id(std::string(16, '\x11'));
  n.set_disclosure(v1::DISCLOSURE_FULL);
  n.set_attention(v1::ATTENTION_ACT);
  n.set_urgency(v1::URGENCY_IMMEDIATE);
  n.set_accepted_us(kNow.us);
  n.set_acknowledge_by_us(kNow.us + 900'000'000);
  n.set_state(v1::DELIVERY_STATE_RECEIVED);
  n.mutable_call_back()->set_phone("01632 960121");
  v1::EventHeader header;
  header.set_kind("concern");
  entry.set_header(header.SerializeAsString());
  v1::Identity identity;
  identity.mutable_name()->set_family("Harrow");
  identity.set_birth_date("2026-05-02");
  auto& id = *identity.add_identifiers();
  id.set_type(v1::IDENTIFIER_TYPE_NHS_NUMBER);
  id.set_value("9126040018");
  auto& section = *entry.add_sections();
  section.set_kind(v1::SECTION_KIND_IDENTITY);
  section.set_body(identity.SerializeAsString());
  return entry;
}

std::string row(const v1::Entry& entry) {
  Table table = inbox_table();
  add_entry(table, entry, kNow);
  return table.text({});
}

TEST(RenderInbox, ARowSaysWhatIsAskedAndByWhen) {
  EXPECT_EQ(row(delivery()),
            "NUMBER  WHAT     URGENCY    ATTENTION  STATE     PICK UP    ACCEPTED              "
            "EVENT\n"
            "     3  concern  immediate  act        received  in 15 min  2026-11-22 06:52:04Z  "
            "11111111-1111-1111-1111-111111111111\n");
}

TEST(RenderInbox, ARowSaysWhatIsOfferedAndWhatWasNotOurs) {
  v1::Entry offered = delivery();
  offered.mutable_notice()->set_cause(v1::CAUSE_HANDOVER);
  EXPECT_THAT(row(offered), HasSubstr("offered: take or decline"));
  v1::Entry given = delivery();
  given.mutable_notice()->set_handed_to("X99-DUTY");
  EXPECT_THAT(row(given), HasSubstr("offered to X99-DUTY"));
  v1::Entry refused = delivery();
  refused.mutable_notice()->set_not_ours(v1::NOT_OURS_NO_LONGER);
  EXPECT_THAT(row(refused), HasSubstr("no longer ours"));
  v1::Entry change;
  change.mutable_notice()->set_type(v1::ENTRY_TYPE_CHANGE);
  change.mutable_notice()->set_change(v1::CHANGE_HANDED_OVER);
  change.mutable_notice()->set_about_team("X99-HV");
  change.mutable_notice()->set_handed_to("X99-DUTY");
  EXPECT_THAT(row(change), HasSubstr("handed over to X99-DUTY at X99-HV"));
}

TEST(RenderInbox, NoRowAndNoLineNamesTheChild) {
  for (const std::string& text : {row(delivery()), entry_line(delivery(), kNow)}) {
    EXPECT_THAT(text, Not(HasSubstr("Harrow")));
    EXPECT_THAT(text, Not(HasSubstr("9126040018")));
    EXPECT_THAT(text, Not(HasSubstr("2026-05-02")));
  }
}

TEST(RenderInbox, TheFullFormShowsTheDisclosedSections) {
  const std::string text = render_entry(delivery(), kNow, {});
  EXPECT_THAT(text, HasSubstr("family: Harrow"));
  EXPECT_THAT(text, HasSubstr("value: 912 604 0018"));
  EXPECT_THAT(text, HasSubstr("01632 960121"));
}

TEST(RenderInbox, ACallIsShownWithWhatItsSenderWasAskedAndNoPlace) {
  v1::Entry entry = delivery();
  v1::EventHeader header;
  header.set_kind("call_logged");
  header.set_protected_address(true);
  entry.set_header(header.SerializeAsString());
  v1::Detail detail;
  detail.mutable_call_logged()->set_direction(v1::CALL_DIRECTION_MADE);
  detail.mutable_call_logged()->set_with_whom("Duty desk");
  auto& answer = *detail.add_answers();
  answer.set_prompt("household");
  answer.set_question("Who else is in the household?");
  answer.set_answer("An aunt.");
  auto& section = *entry.add_sections();
  section.set_kind(v1::SECTION_KIND_DETAIL);
  section.set_body(detail.SerializeAsString());
  const std::string text = render_entry(entry, kNow, {});
  EXPECT_THAT(text, HasSubstr("with whom: Duty desk"));
  EXPECT_THAT(text, HasSubstr("Who else is in the household? An aunt."));
  EXPECT_THAT(text, HasSubstr("address        protected: not shown here"));
  EXPECT_THAT(render_entry(delivery(), kNow, {}), Not(HasSubstr("protected")));
}

TEST(RenderInbox, APointerSaysToRing) {
  v1::Entry entry = delivery();
  entry.clear_header();
  entry.clear_sections();
  entry.mutable_notice()->set_disclosure(v1::DISCLOSURE_POINTER);
  EXPECT_THAT(row(entry), HasSubstr("(not shown), pointer only: ring the sender"));
}

TEST(RenderInbox, AChangeSaysWhoDidWhatToWhich) {
  v1::Entry entry;
  entry.set_number(9);
  auto& n = *entry.mutable_notice();
  n.set_type(v1::ENTRY_TYPE_CHANGE);
  n.set_change(v1::CHANGE_ACKNOWLEDGED);
  n.set_refers_to(3);
  n.mutable_actor()->set_name("Amara Osei");
  EXPECT_THAT(row(entry), HasSubstr("#3 picked up by Amara Osei"));
}

TEST(RenderInbox, APlaceholderNamesOnlyItsReason) {
  v1::Entry entry;
  entry.set_number(4);
  entry.mutable_notice()->set_type(v1::ENTRY_TYPE_PLACEHOLDER);
  entry.mutable_notice()->set_placeholder(v1::PLACEHOLDER_REASON_WITHHELD);
  EXPECT_THAT(row(entry), HasSubstr("placeholder: withheld"));
}

TEST(Json, KeepsTheNamesOfTheContract) {
  v1::Entry entry;
  entry.set_number(4);
  entry.mutable_notice()->set_acknowledge_by_us(5);
  EXPECT_EQ(to_json(entry, Format::kJsonl), R"({"number":"4","notice":{"acknowledge_by_us":"5"}})");
}

}  // namespace
}  // namespace switchboard::cli
