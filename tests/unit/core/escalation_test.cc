#include "broker/core/escalation.h"
#include "broker/core/damage.h"

#include <gmock/gmock.h>

#include "broker/core/group.h"
#include "tests/support/turn_beside.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using support::TurnBeside;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

v1::EscalationLevel level(std::initializer_list<v1::EscalationTo> tell, uint32_t after_s = 0) {
  v1::EscalationLevel l;
  l.set_after_s(after_s);
  for (const auto to : tell) l.add_tell(to);
  return l;
}
// Concerns within two hours; then the deputy, half an hour later the safety net.
v1::Directory with_levels(v1::Directory world = support::small_world()) {
  v1::PolicyRow row;
  row.set_id("levels");
  row.add_kinds("concern");
  row.set_attention(v1::ATTENTION_ACT);
  row.set_acknowledge_within_s(7200);
  *row.add_levels() = level({v1::ESCALATION_TO_DEPUTY});
  *row.add_levels() = level({v1::ESCALATION_TO_SAFETY_NET}, 1800);
  v1::Policy before = world.policy();
  world.mutable_policy()->clear_rows();
  *world.mutable_policy()->add_rows() = row;
  for (const auto& other : before.rows()) *world.mutable_policy()->add_rows() = other;
  return world;
}
Event routine(const std::string& message = "1001") {
  Event event("concern", message);
  event.header.set_urgency(v1::URGENCY_ROUTINE);
  return event;
}
// Each deadline rings when it is due.
void pass(HubCore& hub, Duration duration) {
  const Time end = hub.now + duration;
  for (auto due = hub.core().next_due(); due && *due <= end; due = hub.core().next_due()) {
    hub.now = std::max(hub.now, *due);
    ASSERT_GT(hub.tick(), 0u);
  }
  hub.now = end;
}
std::vector<std::pair<v1::DueClock, uint32_t>> marks(const v1::DeliveryRecord& record) {
  std::vector<std::pair<v1::DueClock, uint32_t>> all;
  for (const auto& step : record.steps()) {
    if (step.overdue_level() > 0) all.emplace_back(step.clock(), step.overdue_level());
  }
  return all;
}
size_t count(const std::vector<store::LogEntry>& log, v1::Change change) {
  return static_cast<size_t>(std::count_if(
      log.begin(), log.end(), [&](const auto& e) { return e.change.change() == change; }));
}

TEST(Escalation, EachLevelIsToldOnceAndTheFirstTellsTheSenderThoughNoRowSaysSo) {
  HubCore hub(with_levels());
  const Answer answer = hub.publish(routine());
  pass(hub, seconds(7200));
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-DUTY", "X26-SAFETY"));
  pass(hub, seconds(1799));
  EXPECT_THAT(hub.inbox("X99-SAFETY"), IsEmpty());
  pass(hub, seconds(1));
  EXPECT_THAT(hub.told(answer.position), Contains("X99-SAFETY"));
  hub.crash();
  pass(hub, seconds(30 * 86400));
  using Mark = std::pair<v1::DueClock, uint32_t>;
  EXPECT_THAT(marks(hub.delivery("X99-HV", 1)),
              ElementsAre(Mark{v1::DUE_CLOCK_UNSPECIFIED, 1}, Mark{v1::DUE_CLOCK_UNSPECIFIED, 2}));
  EXPECT_EQ(count(hub.inbox("X99-HV"), v1::CHANGE_OVERDUE), 2u);
}
// What `caller` is to ring `ring` for; nothing: it is not asked to.
std::optional<v1::TaskRecord> call_to(const HubCore& hub, const std::string& caller,
                                      const std::string& ring) {
  for (const auto& task : hub.tasks(caller)) {
    if (task.task().ring_team() == ring) return task;
  }
  return std::nullopt;
}
v1::Act reached(const v1::TaskRecord& call) {
  return support::make_call(90, call, v1::CALL_RESULT_REACHED, "dev", "whoever was on duty",
                            "hers");
}
TEST(Escalation, ALevelAsksTheSenderOrTheNextInChargeToRingAndTheCallStopsTheClock) {  // P8
  v1::Directory world = with_levels();
  auto& levels = *world.mutable_policy()->mutable_rows(0)->mutable_levels();
  levels[0].add_tell(v1::ESCALATION_TO_CALL_SENDER);
  levels[1].add_tell(v1::ESCALATION_TO_CALL_TEAM);
  *levels.Add() = level({v1::ESCALATION_TO_SAFETY_NET}, 3600);
  HubCore hub(world);
  hub.publish(routine());
  EXPECT_FALSE(call_to(hub, "X26-SAFETY", "X99-HV"));
  pass(hub, seconds(7200));
  const auto call = call_to(hub, "X26-SAFETY", "X99-HV");
  ASSERT_TRUE(call);
  EXPECT_FALSE(call_to(hub, "X99-DUTY", "X26-SAFETY"));
  pass(hub, seconds(1800));
  EXPECT_TRUE(call_to(hub, "X99-DUTY", "X26-SAFETY"));
  EXPECT_EQ(hub.act(reached(*call)).state(), v1::DELIVERY_STATE_ACKNOWLEDGED);
  pass(hub, seconds(86400));
  EXPECT_EQ(marks(hub.delivery("X99-HV", 1)).size(), 2u) << "the third level never came";
}
TEST(Escalation, AnUndoneAcknowledgementOfWhoWasToldGivesTheLateTeamItsClockBack) {  // P8
  HubCore hub(with_levels());
  hub.publish(routine());
  pass(hub, seconds(7200));
  hub.act(make_act(1, "X99-DUTY", 1, v1::ACT_KIND_ACKNOWLEDGE, "cat"));
  EXPECT_EQ(hub.core().next_due(), std::nullopt);
  v1::Act undo = make_act(2, "X99-DUTY", 1, v1::ACT_KIND_UNDO, "cat");
  undo.set_undoes(support::act_id(1));
  EXPECT_EQ(hub.act(undo).code(), v1::CODE_OK);
  EXPECT_EQ(hub.core().next_due(), support::kNoon + seconds(9000));
}
TEST(Escalation, RunsByThePolicyTheDeliveryWasToldUnder) {
  HubCore hub(with_levels());
  const Answer answer = hub.publish(routine());
  v1::Directory change;
  *change.mutable_policy() = support::small_world().policy();
  ASSERT_THAT(hub.apply(change).problems(), IsEmpty());
  pass(hub, seconds(9000));
  EXPECT_THAT(hub.told(answer.position), Contains("X99-SAFETY"));
  EXPECT_EQ(hub.recipients(answer.position)[0].policy_row(), "levels");
}
TEST(Escalation, APlaceThatIsNotFilledFallsToTheNext) {
  v1::Directory world = with_levels();
  for (auto& team : *world.mutable_teams()) {
    if (team.id() != "X99-HV") continue;
    team.clear_deputy_team();
    team.set_spoc_team("X99-MASH");
  }
  HubCore hub(world);
  const Answer answer = hub.publish(routine());
  pass(hub, seconds(7200));
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-MASH", "X26-SAFETY"));
}
TEST(Escalation, ATeamThatIsClosedIsNotTold) {
  v1::Directory world = with_levels();
  for (auto& team : *world.mutable_teams()) team.set_closed(team.id() == "X99-DUTY");
  HubCore hub(world);
  const Answer answer = hub.publish(routine());
  pass(hub, seconds(7200));
  EXPECT_THAT(hub.told(answer.position), Not(Contains("X99-DUTY")));
  EXPECT_THAT(hub.told(answer.position), Contains("X99-SAFETY"));
}
TEST(Escalation, WhoWasToldByItStopsTheClockByPickingItUpAndTheDeliveryStaysOpen) {
  HubCore hub(with_levels());
  const Answer answer = hub.publish(routine());
  pass(hub, seconds(7200));
  hub.act(make_act(1, "X99-DUTY", 1, v1::ACT_KIND_ACKNOWLEDGE, "cat"));
  EXPECT_EQ(hub.core().next_due(), std::nullopt);
  pass(hub, seconds(86400));
  EXPECT_THAT(hub.told(answer.position), Not(Contains("X99-SAFETY")));
  EXPECT_EQ(hub.delivery("X99-HV", 1).state(), v1::DELIVERY_STATE_UNSPECIFIED);
  const auto log = hub.inbox("X99-HV");
  EXPECT_EQ(log.back().change.change(), v1::CHANGE_ACKNOWLEDGED);
  EXPECT_EQ(log.back().change.about_team(), "X99-DUTY");
  EXPECT_EQ(log.back().change.actor().person(), "cat");
  EXPECT_EQ(hub.act(make_act(2, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy")).code(), v1::CODE_OK);
}
TEST(Escalation, OfAnEscalationEndsThere) {
  v1::Directory world = with_levels();
  v1::PolicyRow row;
  row.add_causes(v1::CAUSE_ESCALATION);
  row.set_attention(v1::ATTENTION_ACT);
  row.set_acknowledge_within_s(600);
  auto& rows = *world.mutable_policy()->mutable_rows();
  *rows.Add() = row;
  for (int i = rows.size() - 1; i > 0; --i) rows.SwapElements(i, i - 1);  // the first
  for (auto& team : *world.mutable_teams()) {
    if (team.id() == "X99-DUTY") team.set_deputy_team("X99-MASH");
    if (team.id() == "X99-MASH") team.set_deputy_team("X26-MIDWIFERY");
  }
  HubCore hub(world);
  const Answer answer = hub.publish(routine());
  pass(hub, seconds(30 * 86400));
  EXPECT_THAT(hub.told(answer.position), Contains("X99-MASH"));
  EXPECT_THAT(hub.told(answer.position), Not(Contains("X26-MIDWIFERY")));
}
TEST(Escalation, OfSilenceAfterAPickUpHasAClockOfItsOwn) {
  v1::Directory world = with_levels();
  world.mutable_policy()->mutable_rows(0)->set_action_within_s(3600);
  HubCore hub(world);
  hub.publish(routine());
  hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  EXPECT_EQ(hub.delivery("X99-HV", 1).action_by_us(), (hub.now + seconds(3600)).us);
  pass(hub, seconds(3600));
  using Mark = std::pair<v1::DueClock, uint32_t>;
  EXPECT_THAT(marks(hub.delivery("X99-HV", 1)), ElementsAre(Mark{v1::DUE_CLOCK_ACTION, 1}));
  EXPECT_EQ(count(hub.log(hub.sent_of("X26-SAFETY")), v1::CHANGE_OVERDUE), 1u);
  hub.act(make_act(2, "X99-HV", 1, v1::ACT_KIND_ACTION, "amy", "seen at home"));
  EXPECT_EQ(hub.core().next_due(), std::nullopt);
}
TEST(Escalation, OfWhatNoSystemHasTellsTheSenderAndTheClockGoesOn) {
  v1::Directory world = with_levels();
  world.mutable_policy()->mutable_rows(0)->set_receive_within_s(900);
  for (const bool received : {false, true}) {
    HubCore hub(world);
    hub.attach("X99-HV");
    const Answer answer = hub.publish(routine());
    v1::Received through;
    through.set_team("X99-HV");
    through.set_log(v1::LOG_KIND_INBOX);
    through.set_endpoint("desk");
    through.set_through(1);
    if (received) hub.turn([&](Core& c) { c.receive(hub.who("x99-hv"), through); });
    pass(hub, seconds(900));
    EXPECT_EQ(hub.told(answer.position).size(), received ? 1u : 2u) << received;
    EXPECT_EQ(hub.core().next_due(), support::kNoon + seconds(7200)) << received;
  }
}
TEST(Escalation, APhoneTeamIsNotAskedToReceiveByMachine) {
  v1::Directory world = with_levels();
  world.mutable_policy()->mutable_rows(0)->set_receive_within_s(900);
  for (auto& team : *world.mutable_teams()) {
    if (team.id() == "X99-HV") team.set_reach(v1::REACH_PHONE);
  }
  HubCore hub(world);
  const Answer answer = hub.publish(routine());
  EXPECT_EQ(hub.recipients(answer.position)[0].receive_by_us(), 0);
}
TEST(Escalation, AnIdOfAnotherClockIsAnotherId) {
  EXPECT_NE(escalation_id("event", "T", 1), escalation_id("event", "T", 1, v1::DUE_CLOCK_ACTION));
  EXPECT_NE(escalation_id("event", "T", 1, v1::DUE_CLOCK_RECEIVE),
            escalation_id("event", "T", 1, v1::DUE_CLOCK_ACTION));
}

// What an act that takes another back does; the hub starts anew after it.
void in_turn(HubCore& hub, const std::function<void(Turn&)>& command) {
  TurnBeside beside(hub);
  Turn turn = beside.turn();
  command(turn);
  beside.commit();
}
TEST(Escalation, WhatIsGivenBackHasItsOriginalDeadlineAlsoWhereThatHasPassed) {
  for (const int64_t after_s : {600, 86400}) {
    HubCore hub(with_levels());
    hub.publish(routine());
    pass(hub, seconds(7200));
    hub.act(make_act(1, "X99-DUTY", 1, v1::ACT_KIND_ACKNOWLEDGE, "cat"));
    pass(hub, seconds(after_s));
    in_turn(hub, [&](Turn& turn) {
      escalation_given_back(turn, *find_delivery(turn, hub.team("X99-DUTY").handle(), 1));
    });
    EXPECT_EQ(hub.inbox("X99-HV").back().change.change(), v1::CHANGE_UNDONE);
    EXPECT_EQ(hub.core().next_due(), support::kNoon + seconds(9000));
    hub.tick();
    EXPECT_EQ(marks(hub.delivery("X99-HV", 1)).size(), after_s == 600 ? 1u : 2u);
  }
}
TEST(Escalation, WhatIsGivenBackTwiceOrNeverTakenChangesNothing) {
  HubCore hub(with_levels());
  hub.publish(routine());
  pass(hub, seconds(7200));
  const size_t before = hub.inbox("X99-HV").size();
  in_turn(hub, [&](Turn& turn) {
    escalation_given_back(turn, *find_delivery(turn, hub.team("X99-DUTY").handle(), 1));
  });
  EXPECT_EQ(hub.inbox("X99-HV").size(), before);
}

// ---- storms ----

TEST(Storm, ManyLevelsAtOnceAreOneDigestPerLogTheMostUrgentFirst) {
  v1::Directory world = with_levels();
  world.mutable_policy()->set_storm_from(5);
  HubCore hub(world);
  for (int n = 0; n < 6; ++n) {
    Event event = routine(std::to_string(n));
    if (n == 4) event.header.set_urgency(v1::URGENCY_IMMEDIATE);
    hub.publish(event);
  }
  hub.advance(seconds(7200));
  // The immediate one is with X99-MASH as well, and its sender was to ring both.
  EXPECT_EQ(hub.tick(), 9u);
  const auto log = hub.inbox("X99-HV");
  EXPECT_EQ(count(log, v1::CHANGE_OVERDUE), 0u);
  ASSERT_EQ(count(log, v1::CHANGE_DIGEST), 1u);
  const auto& digest = log.back().change;
  ASSERT_EQ(digest.digest_size(), 6);
  EXPECT_EQ(digest.digest(0).urgency(), v1::URGENCY_IMMEDIATE);
  EXPECT_EQ(digest.digest(0).number(), 5u);
  EXPECT_EQ(count(hub.log(hub.sent_of("X26-SAFETY")), v1::CHANGE_DIGEST), 1u);
  for (uint64_t number = 1; number <= 6; ++number) {
    EXPECT_EQ(marks(hub.delivery("X99-HV", number)).size(), 1u) << "recorded with each";
  }
  EXPECT_EQ(count(hub.inbox("X99-DUTY"), v1::CHANGE_DIGEST), 1u);
  EXPECT_EQ(hub.inbox("X99-DUTY").size(), 7u) << "each can be picked up there";
}
TEST(Storm, AfterAnOutageAllLevelsThatPassedRingAtOnceAndAreMarkedAsWhatNobodyCouldMeet) {
  HubCore hub(with_levels());
  hub.publish(routine("1"));
  hub.publish(routine("2"));
  hub.advance(seconds(6 * 3600));
  hub.crash();
  hub.tick();
  using Mark = std::pair<v1::DueClock, uint32_t>;
  const auto record = hub.delivery("X99-HV", 1);
  EXPECT_THAT(marks(record),
              ElementsAre(Mark{v1::DUE_CLOCK_UNSPECIFIED, 1}, Mark{v1::DUE_CLOCK_UNSPECIFIED, 2}));
  for (const auto& step : record.steps()) EXPECT_TRUE(step.unavoidable());
  ASSERT_EQ(count(hub.inbox("X99-HV"), v1::CHANGE_DIGEST), 1u);
  EXPECT_EQ(hub.inbox("X99-HV").back().change.digest(0).level(), 2u);
  EXPECT_TRUE(hub.inbox("X99-HV").back().change.digest(0).unavoidable());
  EXPECT_EQ(hub.tick(), 0u);
}
TEST(Storm, ALevelIsUnavoidableOnlyWhereTheTeamsSystemsWereAwayOrTheHub) {
  HubCore hub(with_levels());
  hub.publish(routine("1"));
  pass(hub, seconds(7200));
  EXPECT_FALSE(hub.delivery("X99-HV", 1).steps(0).unavoidable()) << "no system was ever attached";
  hub.attach("X99-HV", 2);
  hub.publish(routine("2"));
  pass(hub, seconds(7200));
  EXPECT_TRUE(hub.delivery("X99-HV", 3).steps(0).unavoidable()) << "it went away before that";
}
TEST(Storm, ADigestIsBoundedAndCountsTheRest) {
  v1::Directory world = with_levels();
  world.mutable_policy()->mutable_rows(0)->mutable_levels()->DeleteSubrange(1, 1);
  HubCore hub(world);
  for (int n = 0; n < 60; ++n) hub.publish(routine(std::to_string(n)));
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 60u);
  const auto digest = hub.inbox("X99-HV").back().change;
  EXPECT_EQ(digest.digest_size(), 50);
  EXPECT_EQ(digest.digest_more(), 10u);
}
TEST(Storm, TheMostUrgentOfAllThatPassedRingFirst) {
  HubCore hub(with_levels());
  for (int n = 0; n < 100; ++n) hub.publish(routine(std::to_string(n)));
  Event immediate = routine("last");
  immediate.header.set_urgency(v1::URGENCY_IMMEDIATE);
  hub.publish(immediate);
  hub.advance(seconds(7200));
  hub.turn([](Core& c) { c.tick(2, seconds(600)); });
  EXPECT_EQ(marks(hub.delivery("X99-HV", 101)).size(), 1u);
  size_t rung = 2;
  for (size_t more = 1; more > 0;) rung += more = hub.tick();
  // 102 deliveries, and two levels of each of the two calls the sender was to make.
  EXPECT_EQ(rung, 106u) << "none is forgotten";
}

// ---- groups ----

v1::Directory with_group() {
  v1::Directory world = with_levels();
  v1::Group& group = *world.add_groups();
  group.set_id("early-years");
  group.add_teams("X99-HV");
  group.add_teams("X99-DUTY");
  for (auto& team : *world.mutable_teams()) {
    if (team.id() != "X99-HV") continue;
    v1::Hours& hours = *team.add_hours();
    for (int day = 1; day <= 5; ++day) hours.add_days(static_cast<v1::Weekday>(day));
    hours.set_from("09:00");
    hours.set_to("17:00");
  }
  return world;
}
Event to_group() {
  Event event = routine();
  event.header.add_direct_to("X99-DUTY");
  return event;
}
TEST(Group, AnAcknowledgementOfOneStopsTheClocksOfTheOthers) {
  HubCore hub(with_group());
  const Answer answer = hub.publish(to_group());
  for (const auto& r : hub.recipients(answer.position)) EXPECT_EQ(r.group(), "early-years");
  hub.act(make_act(1, "X99-DUTY", 1, v1::ACT_KIND_ACKNOWLEDGE, "cat"));
  EXPECT_EQ(hub.core().next_due(), std::nullopt);
  EXPECT_EQ(hub.delivery("X99-HV", 1).attention(), v1::ATTENTION_SEE);
  EXPECT_EQ(hub.inbox("X99-HV").back().change.change(), v1::CHANGE_GROUP_PICKED_UP)
      << "staffed now";
  pass(hub, seconds(86400));
  EXPECT_THAT(marks(hub.delivery("X99-HV", 1)), IsEmpty());
  EXPECT_EQ(hub.act(make_act(2, "X99-HV", 1, v1::ACT_KIND_OPEN, "amy")).state(),
            v1::DELIVERY_STATE_FINISHED);
}
TEST(Group, TheOthersAreToldAtTheirNextStaffedMomentWithWhatWasDoneByThen) {
  HubCore hub(with_group());
  hub.advance(seconds(8 * 3600));
  hub.publish(to_group());
  hub.act(make_act(1, "X99-DUTY", 1, v1::ACT_KIND_ACKNOWLEDGE, "cat"));
  hub.act(make_act(2, "X99-DUTY", 1, v1::ACT_KIND_ACTION, "cat", "rang the ward"));
  EXPECT_EQ(hub.inbox("X99-HV").size(), 1u);
  EXPECT_EQ(hub.core().next_due(), *time_from_words("2026-03-03 09:00"));
  pass(hub, seconds(86400));
  const auto change = hub.inbox("X99-HV").back().change;
  EXPECT_EQ(change.change(), v1::CHANGE_GROUP_PICKED_UP);
  EXPECT_EQ(change.actor().person(), "cat");
  EXPECT_FALSE(change.sealed_outcome().empty());
}
TEST(Group, WhatIsGivenBackGivesTheOthersTheirClocksAndNoMorningIsTold) {
  HubCore hub(with_group());
  hub.advance(seconds(8 * 3600));
  hub.publish(to_group());
  const Time due = hub.now + seconds(7200);
  hub.act(make_act(1, "X99-DUTY", 1, v1::ACT_KIND_ACKNOWLEDGE, "cat"));
  in_turn(hub, [&](Turn& turn) {
    group_given_back(turn, *find_delivery(turn, hub.team("X99-DUTY").handle(), 1));
  });
  EXPECT_EQ(hub.delivery("X99-HV", 1).attention(), v1::ATTENTION_UNSPECIFIED);
  EXPECT_EQ(hub.core().next_due(), due);
  pass(hub, seconds(86400));
  EXPECT_EQ(count(hub.inbox("X99-HV"), v1::CHANGE_GROUP_PICKED_UP), 0u);
  EXPECT_EQ(marks(hub.delivery("X99-HV", 1)).size(), 2u);
}
TEST(Group, WhatWasOnlySeenMeanwhileWaitsForAnActAgain) {  // P4
  HubCore hub(with_group());
  hub.publish(to_group());
  hub.act(make_act(1, "X99-DUTY", 1, v1::ACT_KIND_ACKNOWLEDGE, "cat"));
  hub.act(make_act(2, "X99-HV", 1, v1::ACT_KIND_OPEN, "amy"));
  v1::Act undo = make_act(3, "X99-DUTY", 1, v1::ACT_KIND_UNDO, "cat");
  undo.set_undoes(support::act_id(1));
  EXPECT_EQ(hub.act(undo).code(), v1::CODE_OK);
  EXPECT_EQ(hub.delivery("X99-HV", 1).state(), v1::DELIVERY_STATE_OPENED);
  EXPECT_EQ(hub.act(make_act(4, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy")).code(), v1::CODE_OK);
}
TEST(Group, WhatIsTakenFromAnotherOfItIsTheTakersToActOn) {  // P4
  HubCore hub(with_group());
  hub.publish(to_group());
  v1::Act offer = make_act(1, "X99-DUTY", 1, v1::ACT_KIND_HAND_OVER, "cat");
  offer.set_to_team("X99-HV");
  EXPECT_EQ(hub.act(offer).code(), v1::CODE_OK);
  hub.act(make_act(2, "X99-DUTY", 1, v1::ACT_KIND_ACKNOWLEDGE, "cat"));
  EXPECT_EQ(hub.delivery("X99-HV", 1).attention(), v1::ATTENTION_SEE);
  EXPECT_EQ(hub.act(make_act(3, "X99-HV", 1, v1::ACT_KIND_TAKE, "amy")).code(), v1::CODE_OK);
  EXPECT_EQ(hub.delivery("X99-HV", 1).attention(), v1::ATTENTION_ACT);
  EXPECT_EQ(hub.delivery("X99-HV", 1).state(), v1::DELIVERY_STATE_ACKNOWLEDGED);
}
// The sender's call to the late team reached somebody: the word goes round as from an act of its
// own.
TEST(Group, ACallThatReachedOneOfItStopsTheClocksOfTheOthers) {  // P8
  v1::Directory world = with_group();
  world.mutable_policy()->mutable_rows(0)->mutable_levels(0)->add_tell(
      v1::ESCALATION_TO_CALL_SENDER);
  HubCore hub(world);
  hub.publish(to_group());
  pass(hub, seconds(7200));
  const auto call = call_to(hub, "X26-SAFETY", "X99-HV");
  ASSERT_TRUE(call);
  EXPECT_EQ(hub.act(reached(*call)).state(), v1::DELIVERY_STATE_ACKNOWLEDGED);
  EXPECT_EQ(hub.delivery("X99-DUTY", 1).attention(), v1::ATTENTION_SEE);
  pass(hub, seconds(1800));
  EXPECT_EQ(marks(hub.delivery("X99-HV", 1)).size(), 1u);
  EXPECT_EQ(marks(hub.delivery("X99-DUTY", 1)).size(), 1u);
}
TEST(Group, ATeamAloneIsInNone) {
  HubCore hub(with_group());
  const Answer answer = hub.publish(routine());
  EXPECT_EQ(hub.recipients(answer.position)[0].group(), "");
}

}  // namespace
}  // namespace switchboard::core
