#include "broker/core/task.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using testing::IsEmpty;
using testing::SizeIs;

// The midwives sent something to health visitors who are reached by phone.
struct ByPhone : HubCore {
  static v1::Directory world() {
    v1::Directory world = support::small_world();
    for (auto& team : *world.mutable_teams()) {
      if (team.id() == "X99-HV") team.set_reach(v1::REACH_PHONE);
    }
    *world.add_people() = support::make_person("mia", "Mia Example", "X26-MIDWIFERY");
    return world;
  }
  ByPhone() : HubCore(world()) {
    Event event("concern");
    event.header.set_urgency(v1::URGENCY_ROUTINE);
    event.header.set_from_team("X26-MIDWIFERY");
    *event.header.add_threads() = support::visit("V1");
    publish(event);
  }
  v1::TaskRecord call() const { return tasks("X26-MIDWIFERY").at(0); }
  size_t overdue(const std::string& team, uint32_t level) const {
    const auto log = inbox(team);
    return static_cast<size_t>(std::count_if(log.begin(), log.end(), [&](const auto& e) {
      return e.change.change() == v1::CHANGE_OVERDUE && !e.change.task_id().empty() &&
             e.change.overdue_level() == level;
    }));
  }
};

TEST(Task, IsAnEntryOfTheTeamWithItsNumberAndItsEvent) {
  ByPhone hub;
  const auto entry = hub.inbox("X26-MIDWIFERY").at(hub.call().number() - 1);
  EXPECT_EQ(entry.type, v1::ENTRY_TYPE_TASK);
  EXPECT_EQ(entry.task, hub.call().task().task_id());
  EXPECT_EQ(entry.position, hub.call().event_position());
}
TEST(Task, AClockThatPassesTellsTheTeamAndThenTheSafetyNetAndEndsNothing) {
  ByPhone hub;
  hub.advance(seconds(7200));
  hub.tick();
  EXPECT_EQ(hub.overdue("X26-MIDWIFERY", 1), 1u);
  EXPECT_EQ(hub.overdue("X26-SAFETY", 2), 0u);
  hub.advance(seconds(3600));
  hub.tick();
  EXPECT_EQ(hub.overdue("X26-MIDWIFERY", 2), 1u);
  EXPECT_EQ(hub.overdue("X26-SAFETY", 2), 1u);
  hub.advance(seconds(30 * 86400));
  hub.tick();
  EXPECT_EQ(hub.overdue("X26-SAFETY", 2), 1u) << "once";
  EXPECT_TRUE(is_open(hub.call()));
}
TEST(Task, ALevelIsToldOnceAcrossACrashBeforeTheSync) {
  ByPhone hub;
  hub.advance(seconds(7200));
  hub.turn_until(support::Cut::kBeforeSync, [](Core& core) { core.tick(64, seconds(600)); });
  hub.crash();
  hub.tick();
  hub.tick();
  EXPECT_EQ(hub.overdue("X26-MIDWIFERY", 1), 1u);
}
TEST(Task, DoneInTimeNobodyIsToldThatItIsLate) {
  ByPhone hub;
  hub.act(support::make_call(1, hub.call(), v1::CALL_RESULT_REACHED, "mia", "Nora", "visits"));
  hub.advance(seconds(7 * 86400));
  hub.tick();
  EXPECT_EQ(hub.overdue("X26-MIDWIFERY", 1), 0u);
}
TEST(Task, DoneAfterItsFirstLevelItHasNoSecond) {
  ByPhone hub;
  hub.advance(seconds(7200));
  hub.tick();
  hub.act(support::make_call(1, hub.call(), v1::CALL_RESULT_REACHED, "mia", "Nora", "visits"));
  hub.advance(seconds(7 * 86400));
  hub.tick();
  EXPECT_EQ(hub.overdue("X26-SAFETY", 2), 0u);
}
TEST(Task, OfAnEventThatWasTakenBackIsMootWithTheReason) {
  ByPhone hub;
  const auto id = hub.call().task().task_id();
  hub.publish(support::correction("2", "V1", "concern", v1::CORRECTION_NATURE_VOID));
  const auto task = hub.task(id);
  EXPECT_EQ(task.task().state(), v1::TASK_STATE_MOOT);
  ASSERT_EQ(task.steps_size(), 1);
  EXPECT_FALSE(task.steps(0).sealed().empty());
  EXPECT_FALSE(task.steps(0).has_actor());
  const auto inbox = hub.inbox("X26-MIDWIFERY");
  EXPECT_TRUE(std::any_of(inbox.begin(), inbox.end(), [&](const auto& e) {
    return e.change.change() == v1::CHANGE_TASK_DONE && e.change.task_id() == id;
  }));
}
TEST(Task, ThatHasEndedIsNotEndedAgainAndARepeatGetsTheFirstAnswer) {
  ByPhone hub;
  const auto act =
      support::make_call(1, hub.call(), v1::CALL_RESULT_REACHED, "mia", "Nora", "visits");
  const auto first = hub.act(act);
  EXPECT_EQ(hub.act(act).position(), first.position());
  v1::Act other = act;
  other.set_act_id(support::act_id(2));
  EXPECT_EQ(hub.act(other).code(), v1::CODE_CONFLICT);
  other.set_act_id(act.act_id());
  other.set_outcome("something else");
  EXPECT_EQ(hub.act(other).code(), v1::CODE_CONFLICT) << "the id was used for another act";
}
TEST(Task, ACallIsNotEndedByAReply) {
  ByPhone hub;
  EXPECT_EQ(hub.act(support::make_reply(1, hub.call(), "mia", "done")).code(), v1::CODE_INVALID);
  EXPECT_TRUE(is_open(hub.call()));
}
TEST(Task, OneThatIsNotThereYetMayComeWhileTheHubRecovers) {
  ByPhone hub;
  auto before = hub.backup();
  Event event("concern", "2");
  event.header.set_urgency(v1::URGENCY_ROUTINE);
  event.header.set_from_team("X26-MIDWIFERY");
  hub.advance(seconds(60));  // the later one is due later
  hub.publish(event);
  const auto tasks = hub.tasks("X26-MIDWIFERY");
  const auto lost = *std::max_element(tasks.begin(), tasks.end(), [](const auto& a, const auto& b) {
    return a.event_position() < b.event_position();
  });
  const auto promise = hub.core().promise();
  hub.restore(std::move(before));
  const auto who = hub.who("pas");
  hub.turn([&](Core& core) { core.witness(who, promise); });
  const auto act = support::make_call(1, lost, v1::CALL_RESULT_REACHED, "mia", "Nora", "visits");
  EXPECT_EQ(hub.act(act).code(), v1::CODE_RECOVERING);
  hub.publish(event);
  EXPECT_EQ(hub.act(act).code(), v1::CODE_OK);
}

}  // namespace
}  // namespace switchboard::core
