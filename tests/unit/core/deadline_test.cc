#include "broker/core/deadline.h"

#include <gmock/gmock.h>

#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Only the health visitors are told; their deadline is two hours away.
Event to_health_visitors(const std::string& message = "1001") {
  Event event("concern", message);
  event.header.set_urgency(v1::URGENCY_ROUTINE);
  return event;
}
size_t overdue_marks(const std::vector<store::LogEntry>& log) {
  return static_cast<size_t>(std::count_if(log.begin(), log.end(), [](const auto& e) {
    return e.change.change() == v1::CHANGE_OVERDUE;
  }));
}

TEST(Deadline, NothingRingsBeforeItsTime) {
  HubCore hub;
  hub.publish(to_health_visitors());
  hub.advance(seconds(7199));
  EXPECT_EQ(hub.tick(), 0u);
}
TEST(Deadline, AMissedOneTellsTheDeputyTheSenderAndTheTeam) {
  HubCore hub;
  const Answer answer = hub.publish(to_health_visitors());
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-DUTY", "X26-SAFETY"));
  const auto told = hub.recipients(answer.position);
  EXPECT_EQ(told[1].cause(), v1::CAUSE_ESCALATION);
  EXPECT_EQ(told[1].attention(), v1::ATTENTION_ACT);
  EXPECT_EQ(told[1].overdue_level(), 1u);
  EXPECT_EQ(told[1].cause_id(),
            escalation_id(hub.event(answer.position).event_id(), "X99-HV", 1).view());
  EXPECT_EQ(overdue_marks(hub.inbox("X99-HV")), 1u);
  EXPECT_EQ(overdue_marks(hub.log(hub.sent_of("X26-SAFETY"))), 1u);
  EXPECT_EQ(hub.delivery("X99-HV", 1).overdue_level(), 1u);
}
TEST(Deadline, ATeamWithoutADeputyTellsItsSafetyNet) {
  HubCore hub;
  v1::Directory change;
  *change.add_teams() = support::make_team("X99-HV", "X99", "health_visiting");
  hub.apply(change);
  const Answer answer = hub.publish(to_health_visitors());
  hub.advance(seconds(7200));
  hub.tick();
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-SAFETY", "X26-SAFETY"));
}
TEST(Deadline, AnAgencyThatTheSenderLeftOutIsNotToldByEscalationEither) {
  for (const bool never : {true, false}) {
    v1::Directory world = support::small_world();
    for (auto& team : *world.mutable_teams()) {
      if (team.id() == "X99-HV") team.set_deputy_team("X26-MIDWIFERY");
    }
    HubCore hub(world);
    Event event = to_health_visitors();
    auto& audience = *event.header.mutable_audience();
    never ? audience.add_never_agencies("X26") : audience.add_only_agencies("X99");
    const Answer answer = hub.publish(event);
    hub.advance(seconds(7200));
    hub.tick();
    EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-SAFETY", "X26-SAFETY"))
        << "the safety net stands in; the sender knows its own event";
  }
}
TEST(Deadline, WhereTheSenderLeftOutEveryoneWhoStandsInOnlyItselfIsTold) {
  v1::Directory world = support::small_world();
  for (auto& team : *world.mutable_teams()) {
    if (team.id() == "X99-HV") team.set_agency("X26");  // its deputy is still of X99
  }
  world.mutable_agencies(0)->set_safety_net_team("X99-SAFETY");
  HubCore hub(world);
  Event event = to_health_visitors();
  event.header.mutable_audience()->add_only_agencies("X26");
  const Answer answer = hub.publish(event);
  hub.advance(seconds(7200));
  hub.tick();
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X26-SAFETY"));
}
TEST(Deadline, AnAgencyThatHasWhatIsCorrectedGoesOnWithinItself) {
  HubCore hub;
  Event event = to_health_visitors();
  *event.header.add_threads() = support::visit("V1");
  hub.publish(event);
  Event limited = support::correction("2", "V1", "concern", v1::CORRECTION_NATURE_VOID);
  limited.header.mutable_audience()->add_only_agencies("X26");
  const Answer answer = hub.publish(limited);
  hub.advance(seconds(4 * 3600));
  hub.tick();
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-DUTY", "X26-SAFETY"));
}
TEST(Deadline, ATeamThatHasTheEventAlreadyIsToldOfTheChangeOnly) {
  HubCore hub;
  Event event = to_health_visitors();
  event.header.add_direct_to("X99-DUTY");
  const Answer answer = hub.publish(event);
  hub.act(make_act(1, "X99-DUTY", 1, v1::ACT_KIND_ACKNOWLEDGE, "cat"));
  hub.advance(seconds(7200));
  hub.tick();
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-DUTY", "X99-HV", "X26-SAFETY"));
  EXPECT_EQ(overdue_marks(hub.inbox("X99-DUTY")), 1u);
}
TEST(Deadline, IsOnePerLevelForEver) {
  HubCore hub;
  hub.publish(to_health_visitors());
  hub.advance(seconds(7200));
  hub.tick();
  for (int again = 0; again < 3; ++again) {
    hub.crash();
    hub.advance(seconds(86400));
    hub.tick();
  }
  EXPECT_EQ(overdue_marks(hub.inbox("X99-HV")), 1u);
  EXPECT_THAT(hub.inbox("X99-DUTY"), SizeIs(1));
}
TEST(Deadline, ACrashBeforeTheSyncRingsItAgainAndOnce) {
  for (const auto cut : {support::Cut::kBeforeWrite, support::Cut::kBeforeSync}) {
    HubCore hub;
    hub.publish(to_health_visitors());
    hub.advance(seconds(7200));
    hub.turn_until(cut, [](Core& c) { c.tick(64, seconds(600)); });
    hub.crash();
    EXPECT_EQ(overdue_marks(hub.inbox("X99-HV")), 0u);
    hub.tick();
    EXPECT_EQ(overdue_marks(hub.inbox("X99-HV")), 1u);
  }
}
TEST(Deadline, TheSameEscalationHasTheSameIdAfterARestoreAndAResend) {
  HubCore hub;
  auto before = hub.backup();
  const Answer first = hub.publish(to_health_visitors());
  hub.advance(seconds(7200));
  hub.tick();
  const std::string id = hub.recipients(first.position)[1].cause_id();
  hub.restore(std::move(before));
  const Answer resent = hub.publish(to_health_visitors());
  hub.advance(seconds(7200));
  hub.tick();
  EXPECT_EQ(hub.recipients(resent.position)[1].cause_id(), id);
}
TEST(Deadline, AClockThatStepsBackHidesNoDeadline) {
  HubCore hub;
  hub.advance(seconds(3600));
  hub.tick();
  hub.now = hub.now - seconds(3000);  // the shell's clock was ahead
  Event event("concern");
  event.header.set_urgency(v1::URGENCY_IMMEDIATE);  // half an hour to pick it up
  hub.publish(event);
  hub.advance(seconds(6000));
  EXPECT_EQ(hub.tick(), 4u) << "both deliveries, and the sender's calls about them";
}
TEST(Deadline, AVoidedEventRingsNobody) {
  HubCore hub;
  Event event = to_health_visitors();
  *event.header.add_threads() = support::visit("V1");
  hub.publish(event);
  hub.publish(support::correction("2", "V1", "concern", v1::CORRECTION_NATURE_VOID));
  hub.act(make_act(1, "X99-HV", 3, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  hub.advance(seconds(86400));
  EXPECT_EQ(hub.tick(), 0u);
  EXPECT_EQ(overdue_marks(hub.inbox("X99-HV")), 0u);
}
TEST(Deadline, ATestEventEscalatesToNoLiveTeam) {
  HubCore hub;
  Event event("concern");
  event.header.set_environment(v1::ENVIRONMENT_TEST);
  const Answer answer = hub.publish(event, "try");
  hub.advance(seconds(7200));
  hub.tick();
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X26-TRY"));
  EXPECT_THAT(hub.inbox("X26-SAFETY"), IsEmpty());
}
TEST(Deadline, AtMostSoManyRingInATurnAndNoneIsForgotten) {
  HubCore hub;
  for (int n = 0; n < 10; ++n) hub.publish(to_health_visitors(std::to_string(n)));
  hub.advance(seconds(7200));
  size_t rung = 0;
  for (int turn = 0; turn < 5; ++turn) {
    hub.turn([&](Core& c) { rung += c.tick(3, seconds(600)); });
  }
  EXPECT_EQ(rung, 10u);
  EXPECT_EQ(overdue_marks(hub.inbox("X99-HV")), 10u);
}
TEST(Deadline, TheNextOneIsKnownAndNoneWhenNoneWaits) {
  HubCore hub;
  EXPECT_EQ(hub.core().next_due(), std::nullopt);
  hub.publish(to_health_visitors());
  EXPECT_EQ(hub.core().next_due(), hub.now + seconds(7200));
  hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  EXPECT_EQ(hub.core().next_due(), std::nullopt);
}
TEST(Deadline, AnIdNeverDerivesFromAPosition) {
  EXPECT_EQ(escalation_id("event", "T", 1), escalation_id("event", "T", 1));
  EXPECT_NE(escalation_id("event", "T", 1), escalation_id("event", "T", 2));
  EXPECT_NE(escalation_id("event", "T", 1), escalation_id("event", "U", 1));
}

}  // namespace
}  // namespace switchboard::core
