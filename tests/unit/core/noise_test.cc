// What repeats the routed fields that were told last is noted; nothing else ever is.
#include "broker/core/noise.h"

#include <gmock/gmock.h>

#include "broker/core/kind.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;

Event on_visit(std::string_view kind, const std::string& message, const std::string& fields) {
  Event event(kind, message);
  *event.header.add_threads() = support::visit("V1");
  event.header.set_routed_fields_hash(fields);
  return event;
}
Event update(const std::string& message, const std::string& fields) {
  Event event("identity_changed", message);
  event.header.set_routed_fields_hash(fields);
  return event;
}
bool noted(HubCore& hub, const Event& event, const std::string& who = "pas") {
  return hub.event(hub.publish(event, who).position).disposition() == v1::DISPOSITION_NOTED;
}

TEST(Noise, OnlyTransfersAndIdentityChangesOfAllKindsCanBeIt) {
  for (const auto& rule : kinds()) {
    if (rule.kind == "correction") continue;
    HubCore hub;
    hub.publish(on_visit(rule.kind, "1", "same"));
    const bool may_be = rule.kind == "transfer" || rule.kind == "identity_changed";
    EXPECT_EQ(noted(hub, on_visit(rule.kind, "2", "same")), may_be) << rule.kind;
    EXPECT_FALSE(noted(hub, on_visit(rule.kind, "3", "other"))) << rule.kind;
  }
}
TEST(Noise, ATransferWithinTheSitesOfTheStayIsIt) {
  HubCore hub;
  hub.publish(on_visit("admission", "1", "site-a"));
  EXPECT_TRUE(noted(hub, on_visit("transfer", "2", "site-a")));
  EXPECT_FALSE(noted(hub, on_visit("transfer", "3", "site-b")));
}
TEST(Noise, WithoutAHashNothingIsIt) {
  HubCore hub;
  hub.publish(on_visit("transfer", "1", ""));
  EXPECT_FALSE(noted(hub, on_visit("transfer", "2", "")));
}
TEST(Noise, AMoveThatWasCancelledIsNewsAgain) {
  HubCore hub;
  hub.publish(on_visit("admission", "1", "site-a"));
  hub.publish(on_visit("transfer", "2", "site-b"));
  hub.publish(support::correction("3", "V1", "transfer", v1::CORRECTION_NATURE_VOID));
  EXPECT_FALSE(noted(hub, on_visit("transfer", "4", "site-b")));
}
TEST(Noise, AMoveWhoseCancellationCameFirstIsNewsAgain) {
  HubCore hub;
  hub.publish(support::correction("3", "V1", "transfer", v1::CORRECTION_NATURE_VOID));
  hub.publish(on_visit("transfer", "2", "site-b"));
  EXPECT_FALSE(noted(hub, on_visit("transfer", "4", "site-b")));
}

// ---- of a child ----
TEST(Noise, AnUpdateOfTheChildIsComparedWithTheChildsLast) {
  HubCore hub;
  EXPECT_FALSE(noted(hub, update("1", "address-1")));
  EXPECT_TRUE(noted(hub, update("2", "address-1")));
  hub.crash();
  EXPECT_TRUE(noted(hub, update("3", "address-1")));
  EXPECT_FALSE(noted(hub, update("4", "address-2")));
  EXPECT_FALSE(noted(hub, update("5", "address-1")));
  Event other = update("6", "address-1");
  *other.identity.mutable_identifiers(0) = support::nhs_identifier(support::nhs_number(2));
  EXPECT_FALSE(noted(hub, other)) << "another child";
}
TEST(Noise, WhatAnotherSourceSaidOfTheChildSilencesNobody) {
  HubCore hub;
  hub.publish(update("1", "address-1"));
  Event foreign = update("2", "address-1");
  foreign.header.set_agency("X99");
  foreign.header.set_system("RIO");
  foreign.header.set_from_team("X99-SAFETY");
  EXPECT_FALSE(noted(hub, foreign, "rio"));
}
TEST(Noise, ATestOrATrialSilencesNothingLive) {
  for (const bool trial : {false, true}) {
    HubCore hub;
    for (Event event : {update("1", "same"), on_visit("transfer", "2", "same")}) {
      event.header.set_shadow(trial);
      if (!trial) event.header.set_environment(v1::ENVIRONMENT_TEST);
      hub.publish(event);
    }
    EXPECT_FALSE(noted(hub, update("3", "same")));
    EXPECT_FALSE(noted(hub, on_visit("transfer", "4", "same")));
  }
}

}  // namespace
}  // namespace switchboard::core
