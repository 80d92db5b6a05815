// A sender deals with its own quarantined messages, and with nobody else's (P9, P10).
#include "broker/core/clearing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/store/audit_chain.h"
#include "broker/store/records.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Event speechless(const std::string& message = "1") {
  Event event("concern", message);
  event.summary.clear_text();
  return event;
}
v1::ClearQuarantined clearing(uint64_t position, const std::string& reason = "sent again as 2") {
  v1::ClearQuarantined request;
  request.set_position(position);
  request.set_reason(reason);
  request.mutable_actor()->set_person("ivy.engineer");
  return request;
}
Answer clear(HubCore& hub, const v1::ClearQuarantined& request, const std::string& who = "pas") {
  Answer answer;
  const v1::PrincipalRow from = hub.who(who);
  hub.turn([&](Core& core) { answer = core.clear_quarantined(from, request); });
  return answer;
}

TEST(Clearing, WhatWasDealtWithLeavesTheListAndWhoAndWhyAreKept) {
  HubCore hub;
  const auto held = hub.publish(speechless());
  ASSERT_EQ(held.code, v1::CODE_QUARANTINED);
  EXPECT_EQ(clear(hub, clearing(held.position)).code, v1::CODE_OK);
  hub.crash();
  EXPECT_THAT(hub.queue(store::Queue::kQuarantine), IsEmpty());
  EXPECT_THAT(hub.queue(store::Queue::kCleared), ElementsAre(held.position));
  EXPECT_EQ(hub.event(held.position).disposition(), v1::DISPOSITION_QUARANTINED);
  v1::AuditEntry entry;
  ASSERT_TRUE(store::for_each_block(hub.kv(), 0, [&](const v1::AuditBlock& block, auto) {
                for (const auto& e : block.entries()) {
                  if (e.kind() == v1::AUDIT_KIND_CLEARED) entry = e;
                }
                return true;
              }).ok());
  EXPECT_EQ(entry.person(), "ivy.engineer");
  EXPECT_EQ(entry.principal(), "pas");
  EXPECT_EQ(entry.text(), "sent again as 2");
  EXPECT_EQ(entry.event_position(), held.position);
}

TEST(Clearing, AnotherAgencysMessageIsNotThere) {
  HubCore hub;
  const auto held = hub.publish(speechless());
  EXPECT_EQ(clear(hub, clearing(held.position), "rio").code, v1::CODE_NOT_FOUND);
  EXPECT_EQ(clear(hub, clearing(4711), "rio").text,
            clear(hub, clearing(held.position), "rio").text);
  auto by_id = clearing(0);
  by_id.set_event_id(std::string(speechless().id().view()));
  EXPECT_EQ(clear(hub, by_id, "rio").code, v1::CODE_NOT_FOUND);
  EXPECT_THAT(hub.queue(store::Queue::kQuarantine), ElementsAre(held.position));
}

TEST(Clearing, NeitherAnotherSystemOfTheAgencyNorATeamsKeyMay) {
  v1::Directory world = support::small_world();
  *world.add_principals() = support::make_publisher("lab", "X26", "LAB");
  HubCore hub(world);
  const auto held = hub.publish(speechless());
  EXPECT_EQ(clear(hub, clearing(held.position), "lab").code, v1::CODE_NOT_FOUND);
  EXPECT_EQ(clear(hub, clearing(held.position), "x26-safety").code, v1::CODE_NOT_ALLOWED);
  EXPECT_THAT(hub.queue(store::Queue::kQuarantine), ElementsAre(held.position));
}

TEST(Clearing, NeedsAPersonAndAReason) {
  HubCore hub;
  const auto held = hub.publish(speechless());
  EXPECT_EQ(clear(hub, clearing(held.position, "")).code, v1::CODE_INVALID);
  auto nobody = clearing(held.position);
  nobody.clear_actor();
  EXPECT_EQ(clear(hub, nobody).code, v1::CODE_INVALID);
  EXPECT_THAT(hub.queue(store::Queue::kQuarantine), ElementsAre(held.position));
}

TEST(Clearing, SaidAgainItChangesNothing) {
  HubCore hub;
  const auto held = hub.publish(speechless());
  clear(hub, clearing(held.position));
  const uint64_t before = hub.core().head().position;
  EXPECT_EQ(clear(hub, clearing(held.position, "another reason")).code, v1::CODE_OK);
  EXPECT_EQ(hub.core().head().position, before);
}

TEST(Clearing, AMessageOfASourceOnTrialIsFoundByItsIdToo) {
  HubCore hub;
  Event trial = speechless();
  trial.header.set_shadow(true);
  const auto held = hub.publish(trial);
  ASSERT_EQ(held.code, v1::CODE_QUARANTINED);
  auto by_id = clearing(0);
  by_id.set_event_id(std::string(trial.id().view()));
  EXPECT_EQ(clear(hub, by_id).code, v1::CODE_OK);
  EXPECT_THAT(hub.queue(store::Queue::kCleared), ElementsAre(held.position));
}

TEST(Clearing, WhatWasAcceptedIsNotInQuarantine) {
  HubCore hub;
  const auto accepted = hub.publish(Event("concern", "1"));
  EXPECT_EQ(clear(hub, clearing(accepted.position)).code, v1::CODE_NOT_FOUND);
}

TEST(Clearing, OfAnIdThatWasUsedTwiceThePositionNamesTheOneThatIsHeld) {
  HubCore hub;
  Event first("concern", "1");
  first.header.set_id_origin(v1::ID_ORIGIN_CHOSEN);
  first.header.set_event_id(std::string(first.id().view()));
  Event second = first;
  second.summary.set_text("something else");
  ASSERT_EQ(hub.publish(first).code, v1::CODE_OK);
  const auto held = hub.publish(second);
  ASSERT_EQ(held.code, v1::CODE_QUARANTINED);
  auto by_id = clearing(0);
  by_id.set_event_id(first.header.event_id());
  EXPECT_EQ(clear(hub, by_id).code, v1::CODE_NOT_FOUND) << "the id is the accepted one's";
  EXPECT_EQ(clear(hub, clearing(held.position)).code, v1::CODE_OK);
}

}  // namespace
}  // namespace switchboard::core
