#include "broker/core/publish.h"

#include <gmock/gmock.h>

#include "broker/store/payload.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Publish, AConcernReachesEachTeamThatHasAReasonToKnow) {
  HubCore hub;
  const Answer answer = hub.publish(Event("concern"));
  EXPECT_EQ(answer.code, v1::CODE_OK);
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-MASH"));
  EXPECT_EQ(hub.event(answer.position).disposition(), v1::DISPOSITION_ROUTED);
  EXPECT_EQ(hub.inbox("X99-HV").size(), 1u);
}

TEST(Publish, EachRecipientHasItsRuleItsVersionAndTheFactsUsed) {
  HubCore hub;
  const auto told = hub.recipients(hub.publish(Event("concern")).position);
  EXPECT_EQ(told[0].route(), "hv-area");
  EXPECT_GT(told[0].rule_version(), 0u);
  EXPECT_EQ(told[0].facts(), "area X06000001, under 1");
  EXPECT_EQ(told[0].attention(), v1::ATTENTION_ACT);
  EXPECT_EQ(told[0].acknowledge_by_us(), (hub.now + seconds(7200)).us);
}

TEST(Publish, TheSameBytesAgainAreTheSameEvent) {
  HubCore hub;
  const Answer first = hub.publish(Event("concern"));
  const Answer again = hub.publish(Event("concern"));
  EXPECT_EQ(again.code, v1::CODE_DUPLICATE);
  EXPECT_EQ(again.position, first.position);
  EXPECT_EQ(hub.inbox("X99-HV").size(), 1u);
}

TEST(Publish, ADuplicateInTheSameTurnIsSeen) {
  HubCore hub;
  const v1::Item item = Event("concern").item();
  const auto pas = hub.who("pas");
  Answer second;
  hub.turn([&](Core& c) {
    EXPECT_EQ(c.publish(pas, item).code, v1::CODE_OK);
    second = c.publish(pas, item);
  });
  EXPECT_EQ(second.code, v1::CODE_DUPLICATE);
  EXPECT_EQ(hub.inbox("X99-HV").size(), 1u);
}

TEST(Publish, ADuplicateIsStillOneAfterACrash) {
  HubCore hub;
  const Answer first = hub.publish(Event("concern"));
  hub.crash();
  EXPECT_EQ(hub.publish(Event("concern")).code, v1::CODE_DUPLICATE);
  EXPECT_EQ(hub.publish(Event("concern")).position, first.position);
}

// An id that is newer than all before it is not looked up; whatever the order, each is known once.
TEST(Publish, EventsInAnyOrderOfTheirIdsAreEachAcceptedOnce) {
  HubCore hub;
  const auto publish = [&](int64_t time_us) {
    Event event("concern", std::to_string(time_us));
    v1::Item item = event.item();
    v1::EventHeader header;
    EXPECT_TRUE(header.ParseFromString(item.header()));
    header.set_event_id(std::string(make_id({time_us}, hash("any")).view()));
    item.set_header(header.SerializeAsString());
    return hub.publish(item).code;
  };
  const std::vector<int64_t> times{5'000'000, 9'000'000, 7'000'000,
                                   int64_t{1} << 57,  // among the rows of acts and after them
                                   8'000'000, 1'000};
  for (const auto time : times) EXPECT_EQ(publish(time), v1::CODE_OK) << time;
  for (const auto time : times) EXPECT_EQ(publish(time), v1::CODE_DUPLICATE) << time;
  hub.crash();
  for (const auto time : times) EXPECT_EQ(publish(time), v1::CODE_DUPLICATE) << time;
  EXPECT_EQ(publish(9'500'000), v1::CODE_OK);
  EXPECT_EQ(publish(9'500'000), v1::CODE_DUPLICATE);
}

TEST(Publish, AReusedControlIdWithOtherBytesIsANewEventAndMarked) {
  HubCore hub;
  const Answer first = hub.publish(Event("concern", "7"));
  Event other("concern", "7");
  other.source = "another message under the same control id";
  const Answer second = hub.publish(other);
  EXPECT_EQ(second.code, v1::CODE_OK);
  EXPECT_TRUE(hub.event(second.position).reused_source_id());
  EXPECT_EQ(hub.event(second.position).previous_of_source_id(), first.position);
  EXPECT_EQ(hub.inbox("X99-HV").size(), 2u);
}

Event chosen(const std::string& text) {
  Event event("concern");
  event.header.set_id_origin(v1::ID_ORIGIN_CHOSEN);
  event.header.set_event_id(std::string(16, 'c'));
  event.summary.set_text(text);
  return event;
}

TEST(Publish, AChosenIdWithOtherContentIsQuarantinedOnce) {
  HubCore hub;
  EXPECT_EQ(hub.publish(chosen("one")).code, v1::CODE_OK);
  const Answer conflict = hub.publish(chosen("two"));
  EXPECT_EQ(conflict.code, v1::CODE_QUARANTINED);
  EXPECT_EQ(hub.event(conflict.position).code(), v1::CODE_CONFLICT);
  const Answer again = hub.publish(chosen("two"));
  EXPECT_EQ(again.code, v1::CODE_QUARANTINED);
  EXPECT_EQ(again.position, conflict.position);
  EXPECT_THAT(hub.queue(store::Queue::kQuarantine), ElementsAre(conflict.position));
  EXPECT_EQ(hub.publish(chosen("one")).code, v1::CODE_DUPLICATE);
}

TEST(Publish, AQuarantinedItemSentAgainIsHeldOnceAndReachesNobody) {
  HubCore hub;
  Event event("concern");
  event.summary.clear_text();
  const Answer first = hub.publish(event);
  const Answer again = hub.publish(event);
  EXPECT_EQ(first.code, v1::CODE_QUARANTINED);
  EXPECT_EQ(again.code, v1::CODE_QUARANTINED);
  EXPECT_EQ(again.position, first.position);
  EXPECT_THAT(hub.told(first.position), IsEmpty());
  EXPECT_THAT(hub.queue(store::Queue::kQuarantine), ElementsAre(first.position));
}

TEST(Publish, AQuarantinedItemKeepsItsBytes) {
  HubCore hub;
  v1::Item item = Event("concern").item();
  item.mutable_sections(1)->set_body("\xff\xff");
  const Answer answer = hub.publish(item);
  ASSERT_EQ(answer.code, v1::CODE_QUARANTINED);
  const auto opened = store::read_payload(hub.kv(), hub.core().secrets().seal, answer.position, {});
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->header, item.header());
  ASSERT_EQ(opened->sections.size(), 3u);
  EXPECT_EQ(opened->sections[1].body(), "\xff\xff");
}

TEST(Publish, ARefusalWritesNothing) {
  HubCore hub;
  Event event("concern");
  event.header.set_agency("X99");
  const uint64_t before = hub.core().head().position;
  EXPECT_EQ(hub.publish(event).code, v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(hub.core().head().position, before);
}

TEST(Publish, AMustReachKindThatReachesNobodyGoesToTheSafetyNetWithAClock) {
  HubCore hub;
  Event event("concern");
  event.header.mutable_subject()->set_area_code("X06000009");
  const Answer answer = hub.publish(event);
  const auto told = hub.recipients(answer.position);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].team(), "X26-SAFETY");
  EXPECT_EQ(told[0].cause(), v1::CAUSE_SAFETY_NET);
  EXPECT_GT(told[0].acknowledge_by_us(), 0);
  EXPECT_EQ(hub.event(answer.position).disposition(), v1::DISPOSITION_UNROUTED);
  EXPECT_THAT(hub.queue(store::Queue::kUnrouted), ElementsAre(answer.position));
}

TEST(Publish, AnUnknownKindThatReachesNobodyGoesToTheSafetyNet) {
  HubCore hub;
  Event event("carrier_pigeon");
  event.header.mutable_subject()->clear_area_code();
  EXPECT_THAT(hub.told(hub.publish(event).position), ElementsAre("X26-SAFETY"));
}

TEST(Publish, AKindThatNeedNotReachAnybodyIsNoted) {
  HubCore hub;
  Event event("admission");
  event.header.mutable_subject()->clear_area_code();
  const Answer answer = hub.publish(event);
  EXPECT_EQ(hub.event(answer.position).disposition(), v1::DISPOSITION_NOTED);
  EXPECT_THAT(hub.told(answer.position), IsEmpty());
}

TEST(Publish, ADischargeWithAnOpenPlanMustReachSomebody) {
  HubCore hub;
  Event event("discharge");
  event.header.mutable_subject()->clear_area_code();
  event.header.mutable_subject()->set_open_plan(true);
  EXPECT_THAT(hub.told(hub.publish(event).position), ElementsAre("X26-SAFETY"));
}

TEST(Publish, ATestEventReachesTestTeamsOnly) {
  HubCore hub;
  Event event("concern");
  event.header.set_environment(v1::ENVIRONMENT_TEST);
  EXPECT_THAT(hub.told(hub.publish(event, "try").position), ElementsAre("X26-TRY"));
}

TEST(Publish, ATestEventThatReachesNobodyDisturbsNobody) {
  HubCore hub;
  Event event("concern");
  event.header.set_environment(v1::ENVIRONMENT_TEST);
  event.header.mutable_subject()->clear_area_code();
  EXPECT_THAT(hub.told(hub.publish(event, "try").position), IsEmpty());
  EXPECT_THAT(hub.queue(store::Queue::kUnrouted), IsEmpty());
}

TEST(Publish, SectionsAreStoredAsPublished) {
  HubCore hub;
  const v1::Item item = Event("concern").item();
  const Answer answer = hub.publish(item);
  const auto opened = store::read_payload(hub.kv(), hub.core().secrets().seal, answer.position, {});
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->header, item.header());
  EXPECT_EQ(opened->sections[0].body(), item.sections(0).body());
}

TEST(Publish, NoRowInClearNamesTheChild) {
  HubCore hub;
  hub.publish(Event("concern"));
  const std::string number = support::nhs_number(1);
  for (const auto family : kv::kFamilies) {
    const auto rows = hub.kv().scan(family, "", "");
    for (; rows->valid(); rows->next()) {
      EXPECT_EQ(rows->value().find(number), std::string::npos) << kv::name(family);
      EXPECT_EQ(rows->value().find("TESTCHILD"), std::string::npos) << kv::name(family);
      EXPECT_EQ(rows->key().find(number), std::string::npos) << kv::name(family);
    }
  }
}

TEST(Publish, ATrialSaysWhoWouldBeToldAndWritesNothing) {
  HubCore hub;
  const v1::Item item = Event("concern").item();
  const uint64_t before = hub.core().head().position;
  const RouteTrial trial = try_routes(hub.kv(), *hub.core().directory(), hub.core().secrets(),
                                      hub.who("pas"), item, hub.now);
  EXPECT_EQ(trial.disposition, v1::DISPOSITION_ROUTED);
  EXPECT_EQ(trial.matches.size(), 2u);
  EXPECT_EQ(trial.routes.size(), 5u);
  EXPECT_EQ(hub.core().head().position, before);
}

TEST(Publish, ACaseloadIsFoundByTheVerifiedNumberOnly) {
  HubCore hub;
  v1::Directory change;
  v1::CaseloadMember& member = *change.add_caseload();
  member.set_team("X99-MASH");
  *member.mutable_identifier() = support::nhs_identifier(support::nhs_number(1));
  ASSERT_EQ(hub.apply(change).problems_size(), 0);
  Event event("admission");
  event.header.mutable_subject()->clear_area_code();
  EXPECT_THAT(hub.told(hub.publish(event).position), ElementsAre("X99-MASH"));
  Event unverified("admission", "2");
  unverified.header.mutable_subject()->clear_area_code();
  unverified.identity.mutable_identifiers(0)->set_verification(v1::VERIFICATION_UNVERIFIED);
  EXPECT_THAT(hub.told(hub.publish(unverified).position), IsEmpty());
}

TEST(Publish, AChildTakenOffACaseloadIsNoLongerFoundByIt) {
  HubCore hub;
  v1::Directory change;
  v1::CaseloadMember& member = *change.add_caseload();
  member.set_team("X99-MASH");
  *member.mutable_identifier() = support::nhs_identifier(support::nhs_number(1));
  hub.apply(change);
  member.set_removed(true);
  hub.apply(change);
  Event event("admission");
  event.header.mutable_subject()->clear_area_code();
  EXPECT_THAT(hub.told(hub.publish(event).position), IsEmpty());
}

}  // namespace
}  // namespace switchboard::core
