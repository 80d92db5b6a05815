#include "broker/core/call.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "broker/core/ring.h"
#include "broker/core/task_view.h"
#include "tests/support/turn_beside.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using support::make_call;
using support::TurnBeside;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr auto kReached = v1::CALL_RESULT_REACHED;
constexpr auto kNoAnswer = v1::CALL_RESULT_NO_ANSWER;
constexpr auto kWrongNumber = v1::CALL_RESULT_WRONG_NUMBER;

Event concern(v1::Urgency urgency) {
  Event event("concern");
  event.header.set_urgency(urgency);
  return event;
}
// X99-HV has no screen; its deadline is two hours away.
v1::Directory phone_world() {
  v1::Directory world = support::small_world();
  for (auto& team : *world.mutable_teams()) {
    if (team.id() != "X99-HV") continue;
    team.set_reach(v1::REACH_PHONE);
    team.set_last_verified("2026-03-01");
  }
  return world;
}
struct Phone : HubCore {
  Phone() : HubCore(phone_world()) { answer = publish(concern(v1::URGENCY_ROUTINE)); }
  v1::TaskRecord call() const { return tasks("X26-SAFETY").at(0); }
  Answer answer;
};

TEST(Call, AnImmediateEventAddsOneForEachTeamThatMustAct) {
  HubCore hub;
  hub.publish(concern(v1::URGENCY_IMMEDIATE));
  const auto tasks = hub.tasks("X26-SAFETY");
  ASSERT_THAT(tasks, SizeIs(2));
  for (const auto& task : tasks) {
    EXPECT_EQ(task.task().kind(), v1::TASK_KIND_CALL);
    EXPECT_EQ(task.task().due_us(), (hub.now + seconds(900)).us);
    EXPECT_FALSE(task.task().satisfies_clock()) << "the team has a clock of its own";
  }
  EXPECT_EQ(hub.inbox("X26-SAFETY")[0].type, v1::ENTRY_TYPE_TASK);
}
TEST(Call, WhatIsNotImmediateAddsNoneForTeamsWithAScreen) {
  HubCore hub;
  hub.publish(concern(v1::URGENCY_URGENT));
  EXPECT_THAT(hub.tasks("X26-SAFETY"), IsEmpty());
}
TEST(Call, ATestEventAndASourceOnTrialAskNobodyToRing) {
  HubCore hub;
  Event test = concern(v1::URGENCY_IMMEDIATE);
  test.header.set_environment(v1::ENVIRONMENT_TEST);
  hub.publish(test);
  Event trial = concern(v1::URGENCY_IMMEDIATE);
  trial.source = "another";
  trial.header.set_shadow(true);
  hub.publish(trial);
  EXPECT_THAT(hub.tasks("X26-SAFETY"), IsEmpty());
}
TEST(Call, TheNumberOfTasksIsBoundedAndTheRestAreNamed) {
  v1::Directory world = support::small_world();
  Event event = concern(v1::URGENCY_IMMEDIATE);
  for (int n = 10; n < 22; ++n) {
    const std::string id = "X99-T" + std::to_string(n);
    *world.add_teams() = support::make_team(id, "X99", "school_nursing");
    event.header.add_direct_to(id);
  }
  HubCore hub(world);
  hub.publish(event);
  const auto tasks = hub.tasks("X26-SAFETY");
  ASSERT_THAT(tasks, SizeIs(limits::kCallsPerEventMax));
  std::string scripts;
  for (const auto& task : tasks) {
    for (const auto& line : task.task().script()) scripts += line + "\n";
  }
  EXPECT_THAT(scripts, HasSubstr("Then ring: Team X99-T16"));
  EXPECT_THAT(scripts, HasSubstr("Team X99-T21"));
}
TEST(Call, ATeamReachedByPhoneMakesOneForTheSenderAndHasItsClock) {
  Phone hub;
  ASSERT_THAT(hub.tasks("X26-SAFETY"), SizeIs(1));
  EXPECT_EQ(hub.call().task().ring_team(), "X99-HV");
  EXPECT_TRUE(hub.call().task().satisfies_clock());
  EXPECT_THAT(hub.told(hub.answer.position), testing::ElementsAre("X99-HV"));
  EXPECT_EQ(hub.call().task().due_us(), hub.recipients(hub.answer.position)[0].acknowledge_by_us());
}
TEST(Call, ATeamByPhoneThatIsToldByEscalationMakesOneToo) {
  v1::Directory world = support::small_world();
  for (auto& team : *world.mutable_teams()) {
    if (team.id() == "X99-DUTY") team.set_reach(v1::REACH_PHONE);
  }
  HubCore hub(world);
  hub.publish(concern(v1::URGENCY_ROUTINE));
  EXPECT_THAT(hub.tasks("X26-SAFETY"), IsEmpty());
  hub.advance(seconds(7200));
  hub.tick();
  ASSERT_THAT(hub.tasks("X26-SAFETY"), SizeIs(1));
  EXPECT_EQ(hub.tasks("X26-SAFETY")[0].task().ring_team(), "X99-DUTY");
}
TEST(Call, WithoutASendingTeamTheSafetyNetRings) {
  HubCore hub(phone_world());
  Event event = concern(v1::URGENCY_ROUTINE);
  event.header.set_from_team("X99-HV");  // not of the sender's agency
  hub.publish(event);
  EXPECT_THAT(hub.tasks("X26-SAFETY"), SizeIs(1));
}
TEST(Call, ThatReachedSomebodyPicksUpForATeamWithoutAScreenAndStopsItsClock) {
  Phone hub;
  const auto out = hub.act(
      make_call(1, hub.call(), kReached, "dev", "Nora, duty health visitor", "will visit today"));
  EXPECT_EQ(out.code(), v1::CODE_OK) << out.text();
  EXPECT_THAT(hub.tasks("X26-SAFETY"), IsEmpty());
  const auto delivery = hub.delivery("X99-HV", 1);
  EXPECT_EQ(delivery.state(), v1::DELIVERY_STATE_ACKNOWLEDGED);
  EXPECT_EQ(delivery.steps(0).actor().name(), "Dev Example");
  EXPECT_EQ(delivery.steps(0).act(), v1::ACT_KIND_LOG_CALL);
  EXPECT_EQ(hub.log(hub.sent_of("X26-SAFETY")).back().change.change(), v1::CHANGE_ACKNOWLEDGED);
  hub.advance(seconds(7 * 86400));
  EXPECT_EQ(hub.tick(), 0u) << "no clock is left, neither the task's nor the delivery's";
}
TEST(Call, AboutAnImmediateEventLeavesTheTeamsOwnClockRunning) {
  HubCore hub;
  hub.publish(concern(v1::URGENCY_IMMEDIATE));
  for (const auto& task : hub.tasks("X26-SAFETY")) {
    hub.act(make_call(static_cast<unsigned>(task.number()), task, kReached, "dev", "reception",
                      "will pass it on"));
  }
  EXPECT_THAT(hub.tasks("X26-SAFETY"), IsEmpty());
  EXPECT_EQ(hub.delivery("X99-HV", 1).state(), v1::DELIVERY_STATE_UNSPECIFIED);
  hub.advance(seconds(1800));
  EXPECT_EQ(hub.tick(), 2u);
}
TEST(Call, ThatReachedNobodyKeepsTheTaskOpenAndIsCounted) {
  Phone hub;
  const auto out = hub.act(make_call(1, hub.call(), kNoAnswer, "dev"));
  EXPECT_EQ(out.code(), v1::CODE_OK);
  EXPECT_THAT(out.text(), HasSubstr("next number"));
  EXPECT_EQ(hub.call().steps_size(), 1);
  EXPECT_EQ(hub.delivery("X99-HV", 1).state(), v1::DELIVERY_STATE_UNSPECIFIED);
}
TEST(Call, TriesAreBoundedAndReachingSomebodyEndsItAllTheSame) {
  Phone hub;
  for (unsigned n = 1; n <= limits::kTaskTriesMax; ++n) {
    EXPECT_EQ(hub.act(make_call(n, hub.call(), kNoAnswer, "dev")).code(), v1::CODE_OK);
  }
  EXPECT_EQ(hub.act(make_call(90, hub.call(), kNoAnswer, "dev")).code(), v1::CODE_CONFLICT);
  EXPECT_EQ(hub.act(make_call(91, hub.call(), kReached, "dev", "Nora", "done")).code(),
            v1::CODE_OK);
}
TEST(Call, ToAWrongNumberMakesTheTeamsNumbersStaleAtOnce) {
  Phone hub;
  EXPECT_FALSE(is_stale(*hub.core().directory(), hub.team("X99-HV"), hub.now));
  hub.act(make_call(1, hub.call(), kWrongNumber, "dev"));
  EXPECT_TRUE(is_stale(*hub.core().directory(), hub.team("X99-HV"), hub.now));
  EXPECT_THAT(hub.tasks("X26-SAFETY"), SizeIs(1)) << "it stays open";
  hub.crash();
  EXPECT_TRUE(is_stale(*hub.core().directory(), hub.team("X99-HV"), hub.now));
}
TEST(Call, ThatReachedSomebodySaysWhoAndWhatCameOfIt) {
  Phone hub;
  EXPECT_EQ(hub.act(make_call(1, hub.call(), kReached, "dev", "", "ok")).code(), v1::CODE_INVALID);
  EXPECT_EQ(hub.act(make_call(2, hub.call(), kReached, "dev", "Nora", "")).code(),
            v1::CODE_INVALID);
  v1::Act future = make_call(3, hub.call(), kReached, "dev", "Nora", "ok");
  future.mutable_call()->set_at_us((hub.now + seconds(3600)).us);
  EXPECT_EQ(hub.act(future).code(), v1::CODE_INVALID);
  v1::Act nothing = make_call(4, hub.call(), kReached, "dev", "Nora", "ok");
  nothing.clear_call();
  EXPECT_EQ(hub.act(nothing).code(), v1::CODE_INVALID);
  EXPECT_EQ(hub.call().steps_size(), 0);
}
TEST(Call, OnlyTheTeamWhoseTaskItIsMayLogIt) {
  Phone hub;
  v1::Act act = make_call(1, hub.call(), kReached, "meg", "Nora", "ok");
  act.set_team("X99-MASH");
  EXPECT_EQ(hub.act(act).code(), v1::CODE_NOT_FOUND);
  EXPECT_EQ(hub.act(make_call(2, hub.call(), kReached, "amy", "Nora", "ok")).code(),
            v1::CODE_NOT_ALLOWED);
}
TEST(Call, ItsWordsAreSealedUnderTheEventsKey) {
  Phone hub;
  hub.act(make_call(1, hub.call(), kReached, "dev", "Nora Longname", "visit at noon"));
  for (const auto& batch : hub.batches()) {
    EXPECT_EQ(batch.find("Longname"), std::string::npos);
    EXPECT_EQ(batch.find("visit at noon"), std::string::npos);
  }
}
TEST(Call, ItsTitleAndScriptNameNeitherChildNorKind) {
  Phone hub;
  const v1::Task task = hub.call().task();
  std::string all = task.title();
  for (const auto& line : task.script()) all += "\n" + line;
  for (const char* word : {"concern", "Aster", "TESTCHILD", "bruis"}) {
    EXPECT_THAT(all, Not(HasSubstr(word)));
  }
  EXPECT_THAT(all, HasSubstr("reference ends in"));
}
TEST(Call, ARepeatAfterARestoreIsTheSameTask) {
  HubCore hub(phone_world());
  auto before = hub.backup();
  hub.publish(concern(v1::URGENCY_ROUTINE));
  const auto first = hub.tasks("X26-SAFETY").at(0).task().task_id();
  hub.restore(std::move(before));
  hub.publish(concern(v1::URGENCY_ROUTINE));
  hub.publish(concern(v1::URGENCY_ROUTINE));
  ASSERT_THAT(hub.tasks("X26-SAFETY"), SizeIs(1));
  EXPECT_EQ(hub.tasks("X26-SAFETY")[0].task().task_id(), first);
}
TEST(Call, AnAreaThatNoTeamCoversMakesOneByTheAreasNumbers) {
  v1::Directory world = support::small_world();
  v1::Area& area = *world.add_areas();
  area.set_id("X06000009");
  area.set_name("Westmere");
  area.mutable_office()->set_phone("0123 496 0900");
  area.mutable_out_of_hours()->set_phone("0123 496 0901");
  HubCore hub(world);
  Event event = concern(v1::URGENCY_URGENT);
  event.header.mutable_subject()->set_area_code("X06000009");
  hub.publish(event);
  const auto tasks = hub.tasks("X26-SAFETY");
  ASSERT_THAT(tasks, SizeIs(1));
  const v1::Task shown = shown_task(*hub.core().directory(), tasks[0], hub.now);
  EXPECT_EQ(shown.number_now().phone(), "0123 496 0900");
  ASSERT_THAT(shown.fallback(), SizeIs(1));
  EXPECT_EQ(shown.ring_team(), "");
  EXPECT_EQ(shown.title(), "Ring social care for Westmere");
}
TEST(Call, ThatNobodyAskedForIsKeptWithTheDeliveryWhoseClockRunsOn) {
  HubCore hub;
  hub.publish(concern(v1::URGENCY_ROUTINE));
  v1::Act act = support::make_act(1, "X99-HV", 1, v1::ACT_KIND_LOG_CALL, "amy", "they agree");
  act.mutable_call()->set_result(kReached);
  act.mutable_call()->set_spoke_to("the ward");
  EXPECT_EQ(hub.act(act).code(), v1::CODE_OK);
  EXPECT_EQ(hub.delivery("X99-HV", 1).steps(0).act(), v1::ACT_KIND_LOG_CALL);
  EXPECT_EQ(hub.delivery("X99-HV", 1).state(), v1::DELIVERY_STATE_UNSPECIFIED);
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 1u);
}

TEST(Call, AtALevelIsAskedForOnceAndAgainOnlyWhenTheFirstWasMade) {
  HubCore hub;
  hub.publish(concern(v1::URGENCY_ROUTINE));
  TurnBeside beside(hub);
  Turn turn = beside.turn();
  const auto& sender = hub.team("X26-SAFETY");
  const auto& late = hub.team("X99-HV");
  const auto delivery = find_delivery(turn, late.handle(), 1);
  ASSERT_TRUE(delivery);
  ask_to_call(turn, *delivery, sender, late, seconds(600));
  ask_to_call(turn, *delivery, sender, late, seconds(600));
  const auto open = [&] {
    return store::read_open_tasks(beside.journal(), sender.handle(), 9).value();
  };
  ASSERT_THAT(open(), SizeIs(1));
  auto task = find_task(turn, open()[0]);
  EXPECT_TRUE(task->task().satisfies_clock());
  const v1::Act act = make_call(1, *task, kReached, "dev", "Nora", "passed on");
  finish_task(turn, *task, {act, act.actor()});
  EXPECT_THAT(open(), IsEmpty());
  ask_to_call(turn, *delivery, sender, late, seconds(600));
  EXPECT_THAT(open(), SizeIs(1));
  ask_to_call(turn, *delivery, late, late, seconds(600));
  EXPECT_THAT(store::read_open_tasks(beside.journal(), late.handle(), 9).value(), IsEmpty());
}

}  // namespace
}  // namespace switchboard::core
