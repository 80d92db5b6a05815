// Merges, moves and deletions of records: kept for people who match records, told to no team.
#include <gmock/gmock.h>

#include "broker/core/kind.h"
#include "broker/core/publish.h"
#include "broker/store/audit_chain.h"
#include "broker/store/rows.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using testing::ElementsAre;
using testing::IsEmpty;

Event change(v1::IdentityChange what, const std::string& message = "1") {
  Event event("identity_changed", message);
  event.header.set_identity_change(what);
  *event.identity.add_prior() = support::local_identifier("M2");
  return event;
}
std::vector<v1::IdentityChange> tasks() {
  return {v1::IDENTITY_CHANGE_MERGED,      v1::IDENTITY_CHANGE_ACCOUNT_MOVED,
          v1::IDENTITY_CHANGE_VISIT_MOVED, v1::IDENTITY_CHANGE_IDS_CHANGED,
          v1::IDENTITY_CHANGE_DELETED,     static_cast<v1::IdentityChange>(99)};
}
std::string audit_text(const HubCore& hub, uint64_t position) {
  std::string text;
  const Status read = store::for_each_block(hub.kv(), 0, [&](const auto& block, std::string_view) {
    for (const auto& entry : block.entries()) {
      if (entry.position() == position) text = entry.text();
    }
    return true;
  });
  EXPECT_TRUE(read.ok());
  return text;
}

TEST(IdentityChange, AddedAndUpdatedAreTold) {
  for (const auto what : {v1::IDENTITY_CHANGE_ADDED, v1::IDENTITY_CHANGE_UPDATED}) {
    HubCore hub;
    const Answer answer = hub.publish(change(what));
    EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV"));
    EXPECT_EQ(hub.event(answer.position).identity_change(), what);
    EXPECT_THAT(hub.queue(store::Queue::kMatch), IsEmpty());
  }
}
TEST(IdentityChange, EveryOtherIsATaskForPeopleAndTellsNoTeam) {
  for (const auto what : tasks()) {
    HubCore hub;
    const Answer answer = hub.publish(change(what));
    EXPECT_EQ(hub.event(answer.position).disposition(), v1::DISPOSITION_NOTED);
    EXPECT_THAT(hub.told(answer.position), IsEmpty());
    EXPECT_THAT(hub.queue(store::Queue::kMatch), ElementsAre(answer.position));
    EXPECT_NE(audit_text(hub, answer.position).find("nobody told"), std::string::npos);
  }
}
TEST(IdentityChange, ATaskIsToldToNobodyByAddressEither) {
  HubCore hub;
  Event event = change(v1::IDENTITY_CHANGE_MERGED);
  event.header.add_direct_to("X99-HV");
  EXPECT_THAT(hub.told(hub.publish(event).position), IsEmpty());
}
TEST(IdentityChange, ATaskChangesNothingByItself) {
  HubCore hub;
  Event one("admission", "10");
  one.identity.clear_identifiers();
  *one.identity.add_identifiers() = support::local_identifier("M1");
  Event two = one;
  two.header.set_source_message_id("11");
  *two.identity.mutable_identifiers(0) = support::local_identifier("M2");
  const auto subject = [&](const Event& event) {
    return hub.event(hub.publish(event).position).subject();
  };
  const std::string first = subject(one);
  const std::string second = subject(two);
  ASSERT_NE(first, second);
  Event merge = change(v1::IDENTITY_CHANGE_MERGED);
  *merge.identity.mutable_identifiers(0) = support::local_identifier("M1");
  *merge.identity.add_identifiers() = support::local_identifier("M3");
  EXPECT_EQ(subject(merge), first) << "the task stands in the child's story";
  one.header.set_source_message_id("12");
  two.header.set_source_message_id("13");
  EXPECT_EQ(subject(one), first);
  EXPECT_EQ(subject(two), second);
  Event three = one;
  three.header.set_source_message_id("14");
  *three.identity.mutable_identifiers(0) = support::local_identifier("M3");
  EXPECT_NE(subject(three), first) << "the merge has linked an identifier";
}
TEST(IdentityChange, ATestMergeIsNoTaskForAnybody) {
  HubCore hub;
  Event event = change(v1::IDENTITY_CHANGE_MERGED);
  event.header.set_environment(v1::ENVIRONMENT_TEST);
  hub.publish(event, "try");
  EXPECT_THAT(hub.queue(store::Queue::kMatch), IsEmpty());
}
TEST(IdentityChange, ARouteTestSaysThatATaskIsNoted) {
  HubCore hub;
  const v1::Item item = change(v1::IDENTITY_CHANGE_MERGED).item();
  const RouteTrial trial = try_routes(hub.kv(), *hub.core().directory(), hub.core().secrets(),
                                      hub.who("pas"), item, hub.now);
  EXPECT_EQ(trial.disposition, v1::DISPOSITION_NOTED);
  EXPECT_THAT(trial.matches, IsEmpty());
}

}  // namespace
}  // namespace switchboard::core
