// What is late and soon will be, and the timeline of an event, as the reader answers them.
#include "broker/server/breaches.h"

#include <gmock/gmock.h>

#include "broker/server/timeline.h"
#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using testing::ElementsAre;
using testing::IsEmpty;

Event concern(const std::string& message, v1::Urgency urgency = v1::URGENCY_ROUTINE) {
  Event event("concern", message);
  event.header.set_urgency(urgency);
  return event;
}
View view(HubCore& hub) {
  return {hub.kv(), *hub.core().directory(), hub.core().secrets(), hub.now};
}
std::vector<std::string> rows(HubCore& hub, const BreachScope& scope) {
  std::vector<std::string> all;
  const auto breaches = breach_rows(view(hub), scope).value();
  for (const auto& row : breaches.rows()) {
    all.push_back(row.team() + " " + std::to_string(row.number()) + " " + row.clock() + " level " +
                  std::to_string(row.level()) + " ring " + row.ring().phone());
  }
  return all;
}

TEST(Breaches, AreWhatSoonWillBeLateAndWhatIs) {
  HubCore hub;
  hub.publish(concern("1"));
  EXPECT_THAT(rows(hub, {{}, 3600, 0}), IsEmpty()) << "two hours away";
  EXPECT_THAT(rows(hub, {{}, 7200, 0}),
              ElementsAre("X99-HV 1 acknowledge level 0 ring 0123 496 0000"));
  hub.advance(seconds(7200));
  hub.tick();
  EXPECT_THAT(rows(hub, {{}, 60, 0}),
              ElementsAre("X99-HV 1 acknowledge level 1 ring 0123 496 0000"));
  hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  EXPECT_THAT(rows(hub, {{}, 60, 0}), IsEmpty());
}
TEST(Breaches, WhatAnotherTeamHasIsNone) {
  HubCore hub;
  hub.publish(concern("1"));
  hub.advance(seconds(7200));
  hub.tick();
  hub.act(make_act(1, "X99-DUTY", 1, v1::ACT_KIND_ACKNOWLEDGE, "cat"));
  EXPECT_THAT(rows(hub, {{}, 60, 0}), IsEmpty());
}
TEST(Breaches, TheMostUrgentComeFirstOfTheTeamsThatAreAskedFor) {
  HubCore hub;
  hub.publish(concern("1"));
  hub.publish(concern("2", v1::URGENCY_IMMEDIATE));
  EXPECT_THAT(rows(hub, {{"X99-HV"}, 7200, 0}),
              ElementsAre("X99-HV 2 acknowledge level 0 ring 0123 496 0000",
                          "X99-HV 1 acknowledge level 0 ring 0123 496 0000"));
  const auto cut = breach_rows(view(hub), {{}, 7200, 1}).value();
  EXPECT_EQ(cut.rows_size(), 1);
  EXPECT_FALSE(cut.complete());
}
TEST(PolicyTimeline, CanBeThatOfAnotherPolicyThanTheOneInForce) {
  HubCore hub;
  v1::PolicyTest wanted;
  *wanted.mutable_item() = concern("1").item();
  auto first_due = [&] {
    const auto timeline = policy_timeline(view(hub), wanted).value();
    return Duration{timeline.steps(1).at_us() - timeline.steps(0).at_us()};
  };
  EXPECT_EQ(first_due(), seconds(7200));
  v1::PolicyRow& row = *wanted.mutable_with()->add_rows();
  row.set_attention(v1::ATTENTION_ACT);
  row.set_acknowledge_within_s(600);
  EXPECT_EQ(first_due(), seconds(600));
  row.clear_attention();
  EXPECT_EQ(policy_timeline(view(hub), wanted).error().code, v1::CODE_INVALID);
}

}  // namespace
}  // namespace switchboard::server
