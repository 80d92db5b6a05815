#include "broker/server/task_page.h"

#include <gmock/gmock.h>

#include "broker/server/entry_bytes.h"
#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::Event;
using support::HubCore;
using testing::IsEmpty;
using testing::SizeIs;

struct Calls : HubCore {
  Calls() {
    Event event("concern");
    event.header.set_urgency(v1::URGENCY_IMMEDIATE);
    position = publish(event).position;
  }
  View view() const { return {kv(), *core().directory(), core().secrets(), now}; }
  v1::Page page(bool open_only) const {
    v1::ReadTasks wanted;
    wanted.set_team("X26-SAFETY");
    wanted.set_open_only(open_only);
    return task_page(view(), wanted).value();
  }
  void ring_first() {
    act(support::make_call(1, tasks("X26-SAFETY")[0], v1::CALL_RESULT_REACHED, "dev", "Nora",
                           "passes it on"));
  }
  v1::Journey journey() const {
    v1::EventGet get;
    get.set_position(position);
    return event_journey(view(), get, Outcomes::kShown).value();
  }
  uint64_t position = 0;
};

TEST(TaskPage, OpenOnesComeFirstAndThenThoseThatEnded) {
  Calls hub;
  hub.ring_first();
  EXPECT_THAT(hub.page(true).tasks(), SizeIs(1));
  const auto all = hub.page(false);
  ASSERT_THAT(all.tasks(), SizeIs(2));
  EXPECT_EQ(all.tasks(0).task().state(), v1::TASK_STATE_OPEN);
  EXPECT_EQ(all.tasks(1).task().state(), v1::TASK_STATE_DONE);
  EXPECT_EQ(all.tasks(1).steps(0).call().spoke_to(), "Nora");
  EXPECT_EQ(all.tasks(0).task().number_now().phone(), "0123 496 0000");
}
TEST(TaskPage, OperatorsSeeEveryTeamsAndNobodysWords) {
  Calls hub;
  hub.ring_first();
  const auto rows = task_list(hub.view(), {}).value();
  ASSERT_THAT(rows.rows(), SizeIs(2));
  for (const auto& row : rows.rows()) {
    for (const auto& step : row.steps()) {
      EXPECT_EQ(step.outcome() + step.call().spoke_to(), "");
      EXPECT_EQ(step.call().result(), v1::CALL_RESULT_REACHED);
    }
  }
}
TEST(TaskPage, AJourneyShowsAnotherTeamNoneOfThem) {
  Calls hub;
  hub.ring_first();
  v1::Journey journey = hub.journey();
  ASSERT_THAT(journey.tasks(), SizeIs(2));
  narrow_tasks({"X99", {"X99-HV"}}, journey);
  EXPECT_THAT(journey.tasks(), IsEmpty());
}
TEST(TaskPage, AJourneyShowsTheSendersAgencyThatThereWasACallAndNotItsWords) {
  Calls hub;
  hub.ring_first();
  v1::Journey journey = hub.journey();
  narrow_tasks({"X26", {"X26-MIDWIFERY"}}, journey);
  ASSERT_THAT(journey.tasks(), SizeIs(2));
  for (const auto& row : journey.tasks()) {
    for (const auto& step : row.steps()) EXPECT_EQ(step.outcome() + step.call().spoke_to(), "");
  }
  v1::Journey own = hub.journey();
  narrow_tasks({"X26", {"X26-SAFETY"}}, own);
  std::string words;
  for (const auto& row : own.tasks()) {
    for (const auto& step : row.steps()) words += step.outcome();
  }
  EXPECT_EQ(words, "passes it on");
}
TEST(TaskPage, AnEntryOfATaskHasItsNumbersAndNeitherSubjectNorSections) {
  Calls hub;
  const auto log = hub.inbox_of("X26-SAFETY");
  const auto entry = store::read_entry(hub.kv(), log, 1).value();
  const StoredLog from{hub.kv(), *hub.core().directory(), hub.core().secrets(), log, 0, hub.now};
  const v1::Entry shown = stored_entry(from, 1, entry);
  EXPECT_EQ(shown.notice().type(), v1::ENTRY_TYPE_TASK);
  EXPECT_EQ(shown.notice().task().number_now().phone(), "0123 496 0000");
  EXPECT_EQ(shown.notice().subject(), "");
  EXPECT_EQ(shown.header(), "");
  EXPECT_EQ(shown.sections_size(), 0);
}
TEST(TaskPage, AnEntryThatItsTeamMayNotKnowOfAnyMoreIsAPlaceholder) {
  Calls hub;
  v1::Act ask = support::make_act(2, "X99-MASH", 1, v1::ACT_KIND_ASK, "meg", "what do you know?");
  ask.set_reply_by_us((hub.now + seconds(600)).us);
  hub.act(ask);
  v1::Directory change;
  *change.mutable_disclosure() = support::small_world().disclosure();
  v1::DisclosureRow& row = *change.mutable_disclosure()->add_rows();
  row.add_team_kinds("health_visiting");
  row.set_disclosure(v1::DISCLOSURE_WITHHELD);
  hub.apply(change);
  const auto log = hub.inbox_of("X99-HV");
  const StoredLog from{hub.kv(), *hub.core().directory(), hub.core().secrets(), log, 0, hub.now};
  const v1::Entry shown = stored_entry(from, 2, store::read_entry(hub.kv(), log, 2).value());
  EXPECT_EQ(shown.notice().placeholder(), v1::PLACEHOLDER_REASON_WITHHELD);
  EXPECT_FALSE(shown.notice().has_task());
  v1::ReadTasks wanted;
  wanted.set_team("X99-HV");
  const auto page = task_page(hub.view(), wanted).value();
  ASSERT_THAT(page.tasks(), SizeIs(1));
  EXPECT_EQ(page.tasks(0).steps(0).outcome(), "");
}

}  // namespace
}  // namespace switchboard::server
