#include "broker/core/disagreement.h"

#include <gmock/gmock.h>

#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using support::make_reply;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// X99-HV was told of a concern that X26-SAFETY sent.
struct Concern : HubCore {
  Concern() { publish(Event("concern")); }
  v1::ActOutcome disagree(unsigned id) {
    return act(make_act(id, "X99-HV", 1, v1::ACT_KIND_DISAGREE, "amy", "this meets the threshold"));
  }
  std::vector<v1::TaskRecord> open() const { return tasks("X26-SAFETY"); }
};

TEST(Disagreement, BeginsWithAStepOfTheOtherSideWithItsOwnClock) {
  Concern hub;
  EXPECT_EQ(hub.disagree(1).code(), v1::CODE_OK);
  ASSERT_THAT(hub.open(), SizeIs(1));
  EXPECT_EQ(hub.open()[0].step(), 1u);
  EXPECT_EQ(hub.open()[0].task().due_us(), (hub.now + seconds(86400)).us);
  EXPECT_THAT(hub.open()[0].task().title(), HasSubstr("practitioner to practitioner"));
  EXPECT_EQ(hub.inbox("X99-HV").back().change.change(), v1::CHANGE_DISAGREED);
  EXPECT_EQ(hub.inbox("X26-SAFETY").back().change.change(), v1::CHANGE_DISAGREED);
}
TEST(Disagreement, DisagreeingAgainIsTheNextStepUpToTheLast) {
  Concern hub;
  for (unsigned n = 1; n <= 4; ++n) {
    EXPECT_EQ(hub.disagree(n).code(), v1::CODE_OK) << n;
    ASSERT_THAT(hub.open(), SizeIs(1));
    EXPECT_EQ(hub.open()[0].step(), n);
  }
  EXPECT_EQ(hub.disagree(5).code(), v1::CODE_CONFLICT);
}
TEST(Disagreement, AClockThatPassesGoesToTheNextStepAndTellsBothSides) {
  Concern hub;
  hub.disagree(1);
  const auto first = hub.open().at(0).task().task_id();
  hub.advance(seconds(86400));
  while (hub.tick() > 0) {
  }
  EXPECT_EQ(hub.task(first).task().state(), v1::TASK_STATE_MOOT);
  ASSERT_THAT(hub.open(), SizeIs(1));
  EXPECT_EQ(hub.open()[0].step(), 2u);
  for (const auto log : {hub.inbox_of("X99-HV"), hub.inbox_of("X26-SAFETY")}) {
    const auto entries = hub.log(log);
    EXPECT_EQ(
        std::count_if(entries.begin(), entries.end(),
                      [](const auto& e) { return e.change.change() == v1::CHANGE_DISAGREED; }),
        2);
  }
}
TEST(Disagreement, ItsLastStepStaysOpenAndIsOverdueUntilSomebodyReplies) {
  Concern hub;
  for (unsigned n = 1; n <= 4; ++n) hub.disagree(n);
  hub.advance(seconds(30 * 86400));
  while (hub.tick() > 0) {
  }
  ASSERT_THAT(hub.open(), SizeIs(1));
  EXPECT_EQ(hub.open()[0].step(), 4u);
  EXPECT_EQ(hub.act(make_reply(9, hub.open()[0], "dev", "agreed: child protection")).code(),
            v1::CODE_OK);
  EXPECT_THAT(hub.open(), IsEmpty());
}
TEST(Disagreement, EitherSideMaySayThatItIsSettled) {
  Concern hub;
  hub.disagree(1);
  v1::Act act = make_reply(2, hub.open()[0], "amy", "we agree now");
  act.set_team("X99-HV");
  EXPECT_EQ(hub.act(act).code(), v1::CODE_OK);
  EXPECT_THAT(hub.open(), IsEmpty());
}
TEST(Disagreement, NeedsItsWordsAndAnotherSideThatWasTold) {
  Concern hub;
  v1::Act act = make_act(1, "X99-HV", 1, v1::ACT_KIND_DISAGREE, "amy");
  EXPECT_EQ(hub.act(act).code(), v1::CODE_INVALID);
  act.set_act_id(support::act_id(2));
  act.set_outcome("no");
  act.set_to_team("X99-SAFETY");
  EXPECT_EQ(hub.act(act).code(), v1::CODE_CONFLICT) << "it knows nothing of this";
  act.set_act_id(support::act_id(3));
  act.set_to_team("X99-MASH");
  EXPECT_EQ(hub.act(act).code(), v1::CODE_OK);
  EXPECT_THAT(hub.tasks("X99-MASH"), SizeIs(1));
}
TEST(Disagreement, StepsOwnersAndClocksArePolicys) {
  v1::Directory change;
  *change.mutable_policy() = support::small_world().policy();
  v1::DisagreementStep& step = *change.mutable_policy()->add_disagreement();
  step.set_name("talk");
  step.set_owner("manager");
  step.set_within_s(600);
  Concern hub;
  hub.apply(change);
  hub.disagree(1);
  EXPECT_EQ(hub.open().at(0).task().title(), "Disagreement, step 1 of 1: talk");
  EXPECT_EQ(hub.open()[0].task().due_us(), (hub.now + seconds(600)).us);
  EXPECT_EQ(hub.disagree(2).code(), v1::CODE_CONFLICT);
}

}  // namespace
}  // namespace switchboard::core
