// Frames written by hand say what protobuf would say, and never more than may be shown.
#include "broker/server/entry_bytes.h"

#include <gmock/gmock.h>

#include <map>

#include "broker/core/disclose.h"
#include "broker/core/journey.h"
#include "broker/core/notice.h"
#include "broker/kv/faulty_kv.h"
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
    event.location.add_address_lines("12 Larch Row");
    return event;
  }
  const core::LiveEvent& event() const { return hub.core().events().front(); }
  const v1::Recipient& recipient() const { return event().record.recipients(0); }
  std::string live() const {
    LiveContent content;
    return live_entry(*hub.core().directory(), hub.core().secrets(), event(), recipient(),
                      recipient().number(), content);
  }
  v1::Entry stored() const {
    const store::LogId log{recipient().team_handle(), store::Log::kInbox};
    const auto entry = store::read_entry(hub.kv(), log, recipient().number()).value();
    return stored_entry({hub.kv(), *hub.core().directory(), hub.core().secrets(), log},
                        recipient().number(), entry);
  }
  std::string stored_bytes(bool replayed) const {
    const store::LogId log{recipient().team_handle(), store::Log::kInbox};
    const auto entry = store::read_entry(hub.kv(), log, recipient().number()).value();
    return stored_entry_bytes({hub.kv(), *hub.core().directory(), hub.core().secrets(), log},
                              recipient().number(), entry, replayed);
  }
  // What protobuf would write for the same words.
  v1::Entry expected(const std::vector<v1::SectionKind>& kinds) const {
    v1::Entry out;
    out.set_number(recipient().number());
    *out.mutable_notice() = core::delivery_notice(*hub.core().directory(), hub.core().secrets(),
                                                  event().record, position, recipient(), nullptr);
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
  const auto expected = told.expected(core::sections_of(GetParam(), told.event().record));
  EXPECT_EQ(bytes, expected.SerializeAsString());
  v1::Entry parsed;
  ASSERT_TRUE(parsed.ParseFromString(bytes));
  EXPECT_EQ(parsed.SerializeAsString(), bytes);
}

TEST_P(EntryBytes, ShowNoSectionBeyondTheLevelAndTheSourceNever) {
  const Told told(GetParam());
  const auto& allowed = core::sections_of(GetParam(), told.event().record);
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

TEST_P(EntryBytes, OfAReplayAreWhatProtobufWritesOfTheStoredEntry) {
  const Told told(GetParam());
  v1::Entry stored = told.stored();
  EXPECT_EQ(told.stored_bytes(false), stored.SerializeAsString());
  stored.mutable_notice()->set_replayed(true);
  EXPECT_EQ(told.stored_bytes(true), stored.SerializeAsString());
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
        live_entry(*hub.core().directory(), hub.core().secrets(), event, r, r.number(), content)));
  }
  EXPECT_EQ(entries["X99-HV"].header(), item.header());
  EXPECT_GT(entries["X99-HV"].sections_size(), 0);
  EXPECT_TRUE(entries["X99-MASH"].header().empty());
  EXPECT_EQ(entries["X99-MASH"].sections_size(), 0);
}

// ---- a protected address ----

// As published with a location all the same, by a source that says the address is protected.
v1::Item hidden(const std::string& message, bool is_protected = true) {
  Event event("concern", message);
  event.header.set_urgency(v1::URGENCY_URGENT);
  event.header.set_protected_address(is_protected);
  event.location.add_address_lines("12 Larch Row");
  return event.item();
}
// In everything that a team can be sent of this number: live, read again, replayed.
bool shows_where(const HubCore& hub, const std::string& team, uint64_t number) {
  const auto log = hub.inbox_of(team);
  const auto entry = store::read_entry(hub.kv(), log, number).value();
  const StoredLog from{hub.kv(), *hub.core().directory(), hub.core().secrets(), log};
  std::string all = stored_entry(from, number, entry).SerializeAsString();
  all += stored_entry_bytes(from, number, entry, true);
  for (const auto& event : hub.core().events()) {
    for (const auto& r : event.record.recipients()) {
      LiveContent content;
      if (r.team() != team || r.number() != number) continue;
      all += live_entry(*hub.core().directory(), hub.core().secrets(), event, r, number, content);
    }
  }
  EXPECT_NE(all.find("TESTCHILD"), std::string::npos) << "the rest is shown";
  return all.find("Larch Row") != std::string::npos;
}

TEST(ProtectedAddress, IsShownToNobodyWhateverThePublisherSent) {
  for (const bool is_protected : {false, true}) {
    HubCore hub(disclosing(v1::DISCLOSURE_FULL));
    const v1::PrincipalRow from = hub.who("pas");
    const v1::Item item = hidden("1", is_protected);
    hub.turn([&](core::Core& c) { EXPECT_EQ(c.publish(from, item).code, v1::CODE_OK); });
    EXPECT_EQ(shows_where(hub, "X99-HV", 1), !is_protected);
    hub.crash();
    EXPECT_EQ(shows_where(hub, "X99-HV", 1), !is_protected);
  }
}
TEST(ProtectedAddress, OfAnEarlierEventIsNotUndoneByALaterOneOrACorrection) {
  HubCore hub(disclosing(v1::DISCLOSURE_FULL));
  const v1::PrincipalRow from = hub.who("pas");
  Event first("admission", "1");
  *first.header.add_threads() = support::visit("V1");
  first.header.set_protected_address(true);
  first.location.add_address_lines("12 Larch Row");
  hub.publish(first);
  Event again = support::correction("2", "V1", "admission", v1::CORRECTION_NATURE_SUPERSEDED);
  again.identity = first.identity;
  hub.publish(again);
  const v1::Item later = hidden("3", false);
  hub.turn([&](core::Core& c) { EXPECT_EQ(c.publish(from, later).code, v1::CODE_OK); });
  const auto& told = hub.core().events().front().record.recipients();
  const auto mine =
      std::find_if(told.begin(), told.end(), [](const auto& r) { return r.team() == "X99-HV"; });
  ASSERT_NE(mine, told.end());
  EXPECT_FALSE(shows_where(hub, "X99-HV", 1));
  EXPECT_TRUE(shows_where(hub, "X99-HV", mine->number()))
      << "its own sender says that it may be known";
}

// ---- Notice.subject: grouping by child within a team, joining by nobody ----

struct Written {
  explicit Written(HubCore& from) : hub(from) {}
  // As an object; in each place where this is used, a replay must write the same bytes.
  v1::Notice notice(const std::string& team, uint64_t number, uint64_t received = 0) const {
    const auto log = hub.inbox_of(team);
    const auto entry = store::read_entry(hub.kv(), log, number).value();
    const StoredLog from{hub.kv(), *hub.core().directory(), hub.core().secrets(), log, received};
    const v1::Entry made = stored_entry(from, number, entry);
    EXPECT_EQ(stored_entry_bytes(from, number, entry, false), made.SerializeAsString());
    return made.notice();
  }
  HubCore& hub;
};
Event about(const std::string& message, unsigned child) {
  Event event("concern", message);
  event.identity.clear_identifiers();
  *event.identity.add_identifiers() = support::nhs_identifier(support::nhs_number(child));
  return event;
}

TEST(SubjectOfANotice, IsOnePerChildInATeamAndAnotherInEveryOtherTeam) {
  HubCore hub(disclosing(v1::DISCLOSURE_SUMMARY));
  for (const auto& [message, child] : {std::pair{"1", 1u}, {"2", 2u}, {"3", 1u}}) {
    hub.publish(about(message, child));
  }
  hub.crash();
  const Written written(hub);
  const auto hv = written.notice("X99-HV", 1).subject();
  EXPECT_EQ(hv.size(), 16u);
  EXPECT_NE(hv, hub.event(written.notice("X99-HV", 1).position()).subject()) << "not the hub's own";
  EXPECT_NE(hv, written.notice("X99-HV", 2).subject());
  EXPECT_EQ(hv, written.notice("X99-HV", 3).subject());
  EXPECT_NE(hv, written.notice("X99-MASH", 1).subject());
}

TEST(SubjectOfANotice, IsNotShownWhereTheEventIsNot) {
  for (const auto level : {v1::DISCLOSURE_POINTER, v1::DISCLOSURE_WITHHELD}) {
    HubCore hub(disclosing(level));
    hub.publish(about("1", 1));
    hub.act(support::make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
    const Written written(hub);
    EXPECT_TRUE(written.notice("X99-HV", 1).subject().empty());
    ASSERT_EQ(written.notice("X99-HV", 2).type(), v1::ENTRY_TYPE_CHANGE);
    EXPECT_TRUE(written.notice("X99-HV", 2).subject().empty()) << "nor by what became of it";
  }
}

TEST(SubjectOfANotice, IsOnWhatBecameOfADeliveryToo) {
  HubCore hub(disclosing(v1::DISCLOSURE_SUMMARY));
  hub.publish(about("1", 1));
  hub.act(support::make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  const Written written(hub);
  EXPECT_EQ(written.notice("X99-HV", 2).subject(), written.notice("X99-HV", 1).subject());
}

TEST(StateOfANotice, OfADeliveryNobodyTouchedIsQueuedOrReceived) {
  HubCore hub(disclosing(v1::DISCLOSURE_SUMMARY));
  hub.publish(about("1", 1));
  hub.publish(about("2", 2));
  hub.act(support::make_act(1, "X99-HV", 2, v1::ACT_KIND_OPEN, "amy"));
  const Written written(hub);
  EXPECT_EQ(written.notice("X99-HV", 1, 0).state(), v1::DELIVERY_STATE_QUEUED);
  EXPECT_EQ(written.notice("X99-HV", 1, 1).state(), v1::DELIVERY_STATE_RECEIVED);
  EXPECT_EQ(written.notice("X99-HV", 2, 2).state(), v1::DELIVERY_STATE_OPENED);
}

TEST(StateOfANotice, StaysReceivedWhateverIsReplayed) {
  HubCore hub;
  hub.publish(about("1", 1));
  hub.attach("X99-HV");
  v1::Received received;
  received.set_team("X99-HV");
  received.set_log(v1::LOG_KIND_INBOX);
  received.set_endpoint("desk");
  received.set_through(1);
  const v1::PrincipalRow desk = hub.who("x99-hv");
  hub.turn([&](core::Core& c) { EXPECT_TRUE(c.receive(desk, received)); });
  hub.advance(seconds(1));
  hub.attach("X99-HV", 1);  // commits the receipt
  const auto log = hub.inbox_of("X99-HV");
  EXPECT_EQ(store::read_received_through(hub.kv(), log).value(), 1u);
  const v1::PrincipalRow admin = hub.who("admin");
  const v1::Team team = hub.team("X99-HV");
  hub.turn([&](core::Core& c) { EXPECT_EQ(c.rewind(admin, "again", team, "", 0), 1u); });
  EXPECT_EQ(store::read_received_through(hub.kv(), log).value(), 1u);
  const auto position = store::read_entry(hub.kv(), log, 1).value()->position;
  const auto journey = core::journey(hub.kv(), *hub.core().directory(), nullptr, position);
  EXPECT_EQ(journey.value().recipients(0).state(), v1::DELIVERY_STATE_RECEIVED);
}

// P7: everyone who is told of a correction learns why; operators do not read publishers' words.
TEST(ReasonOfACorrection, IsToldAtEveryLevelButWithheldAndShownToNoOperator) {
  for (const auto level : {v1::DISCLOSURE_SUMMARY, v1::DISCLOSURE_POINTER}) {
    HubCore hub(disclosing(level));
    Event original("admission", "1");
    *original.header.add_threads() = support::visit("V1");
    hub.publish(original);
    const v1::Item item =
        support::correction("2", "V1", "admission", v1::CORRECTION_NATURE_VOID).item();
    const v1::PrincipalRow from = hub.who("pas");
    uint64_t position = 0;
    hub.turn([&](core::Core& c) { position = c.publish(from, item).position; });
    const auto& event = hub.core().events().front();
    const auto& r = event.record.recipients(0);
    LiveContent content;
    v1::Entry live;
    ASSERT_TRUE(live.ParseFromString(
        live_entry(*hub.core().directory(), hub.core().secrets(), event, r, r.number(), content)));
    EXPECT_EQ(live.notice().outcome(), "entered for the wrong visit");
    EXPECT_EQ(Written(hub).notice(r.team(), r.number()).outcome(), "entered for the wrong visit");
    const auto& seal = hub.core().secrets().seal;
    EXPECT_EQ(core::journey(hub.kv(), *hub.core().directory(), &seal, position)
                  .value()
                  .correction_reason(),
              "entered for the wrong visit");
    EXPECT_EQ(core::journey(hub.kv(), *hub.core().directory(), nullptr, position)
                  .value()
                  .correction_reason(),
              "");
  }
}

// Every field that a notice of acceptance can have, in a record nobody published.
TEST(LiveEntries, SayEveryFieldAsProtobufWould) {
  HubCore hub(disclosing(v1::DISCLOSURE_SUMMARY));
  core::LiveEvent event;
  event.position = 77;
  v1::EventHeader published;
  published.mutable_correction()->set_reason("why it was corrected");
  const std::string header = published.SerializeAsString();
  event.header = header;
  auto& r = event.record;
  r.set_subject(std::string(16, 's'));
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
    *expected.mutable_notice() = core::delivery_notice(
        *hub.core().directory(), hub.core().secrets(), r, event.position, to, nullptr);
    if (cause != v1::CAUSE_ESCALATION) {
      expected.mutable_notice()->set_outcome("why it was corrected");
    }
    expected.set_header(header);
    EXPECT_EQ(live_entry(*hub.core().directory(), hub.core().secrets(), event, to, 12, content),
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
    auto& promise = *deliver.mutable_promise();
    promise.set_epoch(3);
    promise.set_position(70);
    promise.set_mac("mac");
    deliver.set_epoch(3);
    deliver.set_first(9);
    *deliver.add_items() = one;
    *deliver.add_items() = two;
    deliver.set_ahead(ahead);
    const std::string a = one.SerializeAsString();
    const std::string b = two.SerializeAsString();
    EXPECT_EQ(deliver_frame("X99-HV", v1::LOG_KIND_SENT, "screen", promise, 9, ahead, {a, b}),
              expected.SerializeAsString());
  }
}

// Damage stays; an error of the disk may pass, and an entry that was answered by a placeholder does
// not come back by itself.
TEST(StoredEntry, IsWholeWhicheverReadFailsOnce) {
  Told told(v1::DISCLOSURE_FULL);
  const store::LogId log{told.recipient().team_handle(), store::Log::kInbox};
  const uint64_t number = told.recipient().number();
  const auto entry = store::read_entry(told.hub.kv(), log, number).value();
  const std::string whole = told.stored().SerializeAsString();
  const auto with_failing = [&](uint64_t read) {
    const kv::FaultyKv failing(told.hub.kv(), {.read = read});
    const StoredLog from{failing, *told.hub.core().directory(), told.hub.core().secrets(), log};
    EXPECT_EQ(stored_entry(from, number, entry).SerializeAsString(), whole) << "read " << read;
    return failing.reads();
  };
  const uint64_t reads = with_failing(0);
  ASSERT_GT(reads, 3u);
  for (uint64_t n = 1; n <= reads; ++n) with_failing(n);
}

TEST(LiveEntry, SaysWhichHandOverPromptsAreUnanswered) {
  v1::Directory world = disclosing(v1::DISCLOSURE_SUMMARY);
  world.mutable_policy()->add_handover_prompts("Who visits first?");
  HubCore hub(world);
  Event admission("admission");
  admission.header.mutable_subject()->set_open_plan(true);
  *admission.header.add_threads() = support::visit("V1");
  admission.detail.mutable_admission()->mutable_expected_discharge()->set_earliest_us(
      (support::kNoon + seconds(86400)).us);
  hub.publish(admission);
  Event discharge("discharge", "2");
  *discharge.header.add_threads() = support::visit("V1");
  const v1::Item item = discharge.item();
  const v1::PrincipalRow from = hub.who("pas");
  hub.turn([&](core::Core& c) { c.publish(from, item); });
  const auto& event = hub.core().events().front();
  LiveContent content;
  v1::Entry live;
  ASSERT_TRUE(live.ParseFromString(live_entry(*hub.core().directory(), hub.core().secrets(), event,
                                              event.record.recipients(0), 1, content)));
  ASSERT_EQ(live.notice().unanswered_size(), 1);
  EXPECT_EQ(live.notice().unanswered(0), "1: Who visits first?");
  EXPECT_EQ(live.notice().attention(), v1::ATTENTION_ACT);
}

}  // namespace
}  // namespace switchboard::server
