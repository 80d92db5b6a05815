#include "broker/core/what_if.h"

#include <gmock/gmock.h>

#include "broker/base/london.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using testing::Contains;
using testing::HasSubstr;

Event concern() {
  Event event("concern");
  event.header.set_urgency(v1::URGENCY_ROUTINE);
  return event;
}
Result<v1::PolicyTimeline> played(const HubCore& hub, const Event& event, Time at) {
  return what_if(hub.kv(), *hub.core().directory(), hub.core().secrets(), hub.who("pas"),
                 event.item(), at);
}
std::vector<std::string> lines(const v1::PolicyTimeline& timeline) {
  std::vector<std::string> all;
  for (const auto& step : timeline.steps()) {
    all.push_back(london_words({step.at_us()}) + " " + step.team() + " " + step.what());
  }
  return all;
}

TEST(WhatIf, SaysWhatTheHubThenDoes) {
  HubCore hub;
  const auto timeline = played(hub, concern(), hub.now);
  ASSERT_TRUE(timeline.ok()) << timeline.error().text;
  const auto said = lines(*timeline);
  EXPECT_THAT(said, Contains("2 March 2026 12:00 X99-HV told: act"));
  EXPECT_THAT(said, Contains("2 March 2026 14:00 X99-HV picked up by then"));
  EXPECT_THAT(said, Contains("2 March 2026 14:00 X99-DUTY level 1: told: act"));
  EXPECT_THAT(said, Contains("2 March 2026 14:00 X26-SAFETY level 1: told: act"));
  const Answer answer = hub.publish(concern());
  hub.advance(seconds(7200));
  hub.tick();
  for (const auto& r : hub.recipients(answer.position)) {
    EXPECT_THAT(said, Contains(HasSubstr(r.team()))) << "who is told in earnest was in it";
  }
}
TEST(WhatIf, WritesNothing) {
  HubCore hub;
  const auto head = hub.core().head().position;
  ASSERT_TRUE(played(hub, concern(), hub.now).ok());
  hub.advance(seconds(86400));
  EXPECT_EQ(hub.tick(), 0u);
  EXPECT_EQ(hub.core().head().position, head);
  EXPECT_EQ(hub.inbox("X99-HV").size(), 0u);
}
TEST(WhatIf, ClocksOfOtherEventsDoNotRingInIt) {
  HubCore hub;
  Event other = concern();
  other.header.set_source_message_id("other");
  hub.publish(other);
  const auto timeline = played(hub, concern(), hub.now);
  ASSERT_TRUE(timeline.ok());
  size_t levels = 0;
  for (const auto& step : timeline->steps()) {
    levels += step.team() == "X99-HV" && step.what().starts_with("level 1");
  }
  EXPECT_EQ(levels, 1u);
}
TEST(WhatIf, IsByTheTimeItIsAskedFor) {
  HubCore hub;
  const auto timeline = played(hub, concern(), *time_from_words("2026-12-24 17:30"));
  ASSERT_TRUE(timeline.ok());
  EXPECT_THAT(lines(*timeline), Contains("24 December 2026 19:30 X99-HV picked up by then"));
}
TEST(WhatIf, WhatWouldNotBeAcceptedIsRefusedWithItsReason) {
  HubCore hub;
  Event speechless = concern();
  speechless.summary.clear_text();
  EXPECT_EQ(played(hub, speechless, hub.now).error().code, v1::CODE_QUARANTINED);
  hub.publish(concern());
  EXPECT_EQ(played(hub, concern(), hub.now).error().code, v1::CODE_CONFLICT);
}

}  // namespace
}  // namespace switchboard::core
