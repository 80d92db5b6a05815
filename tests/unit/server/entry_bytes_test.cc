// Frames written by hand say what protobuf would say, and never more than may be shown.
#include "broker/server/entry_bytes.h"

#include <gmock/gmock.h>

#include <map>

#include "broker/core/disclose.h"
#include "broker/core/notice.h"
#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::Event;
using support::HubCore;

v1::Directory disclosing(v1::Disclosure level) {
  v1::Directory directory = support::small_world();
  directory.mutable_disclosure()->clear_rows();
  directory.mutable_disclosure()->add_rows()->set_disclosure(level);
  return directory;
}

// One concern, as the hub has it in the turn that accepted it, and as it is read later.
struct Told {
  explicit Told(v1::Disclosure level) : hub(disclosing(level)), item(make().item()) {
    const v1::PrincipalRow from = hub.who("pas");
    hub.turn([&](core::Core& c) { position = c.publish(from, item).position; });
    CHECK(hub.core().events().size() == 1);
    CHECK(!hub.core().appended().empty());
  }
  static Event make() {
    Event event("concern");
    event.header.set_urgency(v1::URGENCY_URGENT);
    return event;
  }
  const core::LiveEvent& event() const { return hub.core().events().front(); }
  const v1::Recipient& recipient() const { return event().record.recipients(0); }
  std::string live() const {
    LiveContent content;
    return live_entry(*hub.core().directory(), event(), recipient(), recipient().number(), content);
  }
  v1::Entry stored() const {
    const store::LogId log{recipient().team_handle(), store::Log::kInbox};
    const auto entry = store::read_entry(hub.kv(), log, recipient().number()).value().value();
    return stored_entry(hub.kv(), *hub.core().directory(), hub.core().secrets().seal, log,
                        recipient().number(), entry)
        .value();
  }
  // What protobuf would write for the same words.
  v1::Entry expected(const std::vector<v1::SectionKind>& kinds) const {
    v1::Entry out;
    out.set_number(recipient().number());
    *out.mutable_notice() = core::delivery_notice(*hub.core().directory(), event().record, position,
                                                  recipient(), nullptr);
    if (!kinds.empty()) out.set_header(item.header());
    for (const auto& section : item.sections()) {
      if (std::find(kinds.begin(), kinds.end(), section.kind()) != kinds.end()) {
        *out.add_sections() = section;
      }
    }
    return out;
  }
  HubCore hub;
  v1::Item item;
  uint64_t position = 0;
};

class EntryBytes : public testing::TestWithParam<v1::Disclosure> {};

TEST_P(EntryBytes, ParseToWhatProtobufWouldHaveWritten) {
  const Told told(GetParam());
  const std::string bytes = told.live();
  const auto expected = told.expected(core::sections_of(GetParam()));
  EXPECT_EQ(bytes, expected.SerializeAsString());
  v1::Entry parsed;
  ASSERT_TRUE(parsed.ParseFromString(bytes));
  EXPECT_EQ(parsed.SerializeAsString(), bytes);
}

TEST_P(EntryBytes, ShowNoSectionBeyondTheLevelAndTheSourceNever) {
  const Told told(GetParam());
  const auto& allowed = core::sections_of(GetParam());
  v1::Entry live;
  ASSERT_TRUE(live.ParseFromString(told.live()));
  for (const v1::Entry& entry : {live, told.stored()}) {
    EXPECT_EQ(!entry.header().empty(), !allowed.empty());
    EXPECT_LE(entry.sections_size(), static_cast<int>(allowed.size()));
    for (const auto& section : entry.sections()) {
      EXPECT_THAT(allowed, testing::Contains(section.kind()));
      EXPECT_NE(section.kind(), v1::SECTION_KIND_SOURCE);
    }
  }
}

TEST_P(EntryBytes, AreTheSameFromMemoryAndFromTheStoreButForTodaysState) {
  const Told told(GetParam());
  v1::Entry live;
  ASSERT_TRUE(live.ParseFromString(told.live()));
  v1::Entry stored = told.stored();
  stored.mutable_notice()->set_state(live.notice().state());
  EXPECT_EQ(stored.SerializeAsString(), live.SerializeAsString())
      << stored.DebugString() << live.DebugString();
}

INSTANTIATE_TEST_SUITE_P(Levels, EntryBytes,
                         testing::Values(v1::DISCLOSURE_FULL, v1::DISCLOSURE_SUMMARY,
                                         v1::DISCLOSURE_POINTER, v1::DISCLOSURE_WITHHELD),
                         [](const auto& level) {
                           return v1::Disclosure_Name(level.param).substr(11);
                         });

// Teams of one event may be shown different things of it: what one is shown never reaches another.
TEST(LiveEntries, ShareSectionsOnlyBetweenTeamsThatAreShownTheSame) {
  v1::Directory directory = disclosing(v1::DISCLOSURE_FULL);
  auto& rows = *directory.mutable_disclosure()->mutable_rows();
  rows.Clear();
  rows.Add()->set_disclosure(v1::DISCLOSURE_POINTER);
  rows[0].add_team_kinds("mash");
  rows.Add()->set_disclosure(v1::DISCLOSURE_FULL);
  HubCore hub(directory);
  const v1::PrincipalRow from = hub.who("pas");
  const v1::Item item = Told::make().item();
  hub.turn([&](core::Core& c) { EXPECT_EQ(c.publish(from, item).code, v1::CODE_OK); });
  const auto& event = hub.core().events().front();
  ASSERT_EQ(event.record.recipients_size(), 2);
  LiveContent content;
  std::map<std::string, v1::Entry> entries;
  for (const int i : {0, 1, 0}) {  // full, pointer, and full again
    const auto& r = event.record.recipients(i);
    ASSERT_TRUE(entries[r.team()].ParseFromString(
        live_entry(*hub.core().directory(), event, r, r.number(), content)));
  }
  EXPECT_EQ(entries["X99-HV"].header(), item.header());
  EXPECT_GT(entries["X99-HV"].sections_size(), 0);
  EXPECT_TRUE(entries["X99-MASH"].header().empty());
  EXPECT_EQ(entries["X99-MASH"].sections_size(), 0);
}

// Every field that a notice of acceptance can have, in a record nobody published.
TEST(LiveEntries, SayEveryFieldAsProtobufWould) {
  HubCore hub(disclosing(v1::DISCLOSURE_SUMMARY));
  core::LiveEvent event;
  event.position = 77;
  event.header = "header";
  auto& r = event.record;
  r.set_event_id(std::string(16, 'e'));
  r.set_agency("X26");
  r.set_kind("correction");
  r.set_accepted_us(-5);
  r.set_occurred_earliest_us(1'780'000'000'000'000);
  r.set_urgency(v1::URGENCY_URGENT);
  r.set_environment(v1::ENVIRONMENT_TEST);
  r.set_unverified_identity(true);
  r.set_unknown_kind(true);
  r.set_reused_source_id(true);
  r.set_correction(v1::CORRECTION_NATURE_SUPERSEDED);
  r.set_corrects_event_id(std::string(16, 'o'));
  r.set_text("why it was corrected");
  r.mutable_call_back()->set_phone("020 7946 0101");
  r.mutable_out_of_hours();  // there, and empty
  v1::Recipient to;
  to.set_team("X99-HV");
  to.set_attention(v1::ATTENTION_ACT);
  to.set_route("a route");
  to.set_rule_version(5);
  to.set_facts("area");
  to.set_acknowledge_by_us(99);
  to.set_overdue_level(1);
  LiveContent content;
  for (const auto cause : {v1::CAUSE_ROUTE, v1::CAUSE_CORRECTION, v1::CAUSE_ESCALATION}) {
    to.set_cause(cause);
    v1::Entry expected;
    expected.set_number(12);
    *expected.mutable_notice() =
        core::delivery_notice(*hub.core().directory(), r, event.position, to, nullptr);
    expected.set_header("header");
    EXPECT_EQ(live_entry(*hub.core().directory(), event, to, 12, content),
              expected.SerializeAsString())
        << v1::Cause_Name(cause);
  }
}

TEST(WithheldEntry, NamesNeitherChildNorKindNorReference) {
  const Told told(v1::DISCLOSURE_WITHHELD);
  const v1::Entry entry = told.stored();
  EXPECT_EQ(entry.notice().type(), v1::ENTRY_TYPE_PLACEHOLDER);
  EXPECT_TRUE(entry.notice().event_id().empty());
  EXPECT_FALSE(entry.notice().has_call_back());
  EXPECT_EQ(entry.notice().urgency(), v1::URGENCY_UNSPECIFIED);
  EXPECT_EQ(told.live().find("concern"), std::string::npos);
}

TEST(DeliverFrame, ParsesToWhatProtobufWouldHaveWritten) {
  v1::Entry one, two;
  one.set_number(9);
  two.set_number(10);
  two.set_header(std::string(70'000, 'h'));
  for (const bool ahead : {false, true}) {
    v1::HubFrame expected;
    auto& deliver = *expected.mutable_deliver();
    deliver.set_team("X99-HV");
    deliver.set_log(v1::LOG_KIND_SENT);
    deliver.set_endpoint("screen");
    deliver.set_epoch(3);
    deliver.set_first(9);
    *deliver.add_items() = one;
    *deliver.add_items() = two;
    deliver.set_ahead(ahead);
    const std::string a = one.SerializeAsString();
    const std::string b = two.SerializeAsString();
    EXPECT_EQ(deliver_frame("X99-HV", v1::LOG_KIND_SENT, "screen", 3, 9, ahead, {a, b}),
              expected.SerializeAsString());
  }
}

}  // namespace
}  // namespace switchboard::server
