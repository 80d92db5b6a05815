#include "broker/core/question.h"

#include <gmock/gmock.h>

#include "broker/core/task_view.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using support::make_reply;
using testing::IsEmpty;
using testing::SizeIs;

// X99-HV and X99-MASH were told of a child; X26-SAFETY sent it.
struct Told : HubCore {
  explicit Told(const v1::Directory& world = support::small_world()) : HubCore(world) {
    first = publish(Event("concern"));
  }
  v1::Act question(unsigned id = 1) const {
    v1::Act act = make_act(id, "X99-MASH", 1, v1::ACT_KIND_ASK, "meg", "Was she seen this week?");
    act.set_reply_by_us((now + seconds(7200)).us);
    return act;
  }
  size_t changes(store::LogId id, v1::Change change) const {
    const auto entries = log(id);
    return static_cast<size_t>(std::count_if(entries.begin(), entries.end(), [&](const auto& e) {
      return e.change.change() == change && !e.change.task_id().empty();
    }));
  }
  Answer first;
};

TEST(Question, EveryOtherTeamThatIsInvolvedIsAskedWithTheTimeToReplyBy) {
  Told hub;
  EXPECT_EQ(hub.act(hub.question()).code(), v1::CODE_OK);
  ASSERT_THAT(hub.tasks("X99-HV"), SizeIs(1));
  const auto task = hub.tasks("X99-HV")[0];
  EXPECT_EQ(task.task().kind(), v1::TASK_KIND_REPLY);
  EXPECT_EQ(task.asked_by(), "X99-MASH");
  EXPECT_EQ(task.task().refers_to(), 1u);
  EXPECT_EQ(task.task().due_us(), (hub.now + seconds(7200)).us);
  EXPECT_THAT(hub.tasks("X99-MASH"), IsEmpty());
}
TEST(Question, ItsWordsReachWhoIsAskedAndLieSealed) {
  Told hub;
  hub.act(hub.question());
  const auto task = hub.tasks("X99-HV").at(0);
  const auto words =
      read_step(hub.kv(), &hub.core().secrets().seal, task.event_position(), task.steps(0));
  EXPECT_EQ(words->outcome(), "Was she seen this week?");
  for (const auto& batch : hub.batches()) {
    EXPECT_EQ(batch.find("seen this week"), std::string::npos);
  }
}
TEST(Question, WhoeverAskedLearnsOfEachReply) {
  Told hub;
  hub.act(hub.question());
  const auto out = hub.act(make_reply(2, hub.tasks("X99-HV").at(0), "amy", "seen on Monday"));
  EXPECT_EQ(out.code(), v1::CODE_OK) << out.text();
  EXPECT_THAT(hub.tasks("X99-HV"), IsEmpty());
  const auto last = hub.inbox("X99-MASH").back().change;
  EXPECT_EQ(last.change(), v1::CHANGE_TASK_DONE);
  EXPECT_EQ(last.refers_to(), 1u);
  EXPECT_EQ(last.about_team(), "X99-HV");
  EXPECT_EQ(last.actor().name(), "Amy Example");
}
TEST(Question, WhoDoesNotReplyIsNamedOnceToWhoeverAsked) {
  Told hub;
  hub.act(hub.question());
  hub.advance(seconds(7200));
  hub.tick();
  const auto inbox = hub.inbox_of("X99-MASH");
  ASSERT_EQ(hub.changes(inbox, v1::CHANGE_OVERDUE), 1u);
  for (const auto& e : hub.log(inbox)) {
    if (e.change.task_id().empty()) continue;
    EXPECT_EQ(e.change.about_team(), "X99-HV");
  }
  EXPECT_THAT(hub.tasks("X99-HV"), SizeIs(1)) << "a late reply is still taken";
}
TEST(Question, ASenderAsksAboutItsOwnEventAndIsAnsweredInItsSentLog) {
  Told hub;
  v1::Act act = make_act(1, "X26-SAFETY", 0, v1::ACT_KIND_ASK, "dev", "Who saw her last?");
  act.set_event_id(hub.event(hub.first.position).event_id());
  act.set_reply_by_us((hub.now + seconds(600)).us);
  EXPECT_EQ(hub.act(act).code(), v1::CODE_OK);
  hub.act(make_reply(2, hub.tasks("X99-MASH").at(0), "meg", "we did"));
  EXPECT_EQ(hub.changes(hub.sent_of("X26-SAFETY"), v1::CHANGE_TASK_DONE), 1u);
}
TEST(Question, ATeamThatMayNotSeeTheEventIsNotAsked) {
  v1::Directory world = support::small_world();
  v1::DisclosureRow& row = *world.mutable_disclosure()->add_rows();
  row.add_team_kinds("health_visiting");
  row.set_disclosure(v1::DISCLOSURE_POINTER);
  Told hub(world);
  EXPECT_EQ(hub.act(hub.question()).code(), v1::CODE_CONFLICT);
  EXPECT_THAT(hub.tasks("X99-HV"), IsEmpty());
}
TEST(Question, TheSendersLimitsHoldForItToo) {
  Told hub;
  Event limited("concern", "2");
  limited.header.mutable_audience()->add_only_team_kinds("mash");
  hub.publish(limited);
  v1::Act act = hub.question();
  act.set_number(2);
  EXPECT_EQ(hub.act(act).code(), v1::CODE_CONFLICT) << "only the health visitors are left to ask";
}
TEST(Question, ATeamByPhoneIsRungByWhoeverAsks) {
  v1::Directory world = support::small_world();
  for (auto& team : *world.mutable_teams()) {
    if (team.id() == "X99-HV") team.set_reach(v1::REACH_PHONE);
  }
  Told hub(world);
  hub.act(hub.question());
  ASSERT_THAT(hub.tasks("X99-MASH"), SizeIs(1));
  EXPECT_EQ(hub.tasks("X99-MASH")[0].task().kind(), v1::TASK_KIND_CALL);
  EXPECT_FALSE(hub.tasks("X99-MASH")[0].task().satisfies_clock());
}
TEST(Question, NeedsWordsATimeAndAnItemOfTheTeam) {
  Told hub;
  v1::Act act = hub.question();
  act.clear_outcome();
  EXPECT_EQ(hub.act(act).code(), v1::CODE_INVALID);
  act = hub.question(2);
  act.set_reply_by_us(hub.now.us);
  EXPECT_EQ(hub.act(act).code(), v1::CODE_INVALID);
  act = hub.question(3);
  act.set_number(99);
  EXPECT_EQ(hub.act(act).code(), v1::CODE_NOT_FOUND);
}
TEST(Question, TheSameActAfterARestoreAsksTheSameTasks) {
  Told hub;
  auto before = hub.backup();
  hub.act(hub.question());
  const auto id = hub.tasks("X99-HV").at(0).task().task_id();
  hub.act(hub.question());
  EXPECT_THAT(hub.tasks("X99-HV"), SizeIs(1));
  hub.restore(std::move(before));
  hub.act(hub.question());
  ASSERT_THAT(hub.tasks("X99-HV"), SizeIs(1));
  EXPECT_EQ(hub.tasks("X99-HV")[0].task().task_id(), id);
}

}  // namespace
}  // namespace switchboard::core
