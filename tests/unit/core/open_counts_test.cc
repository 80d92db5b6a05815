#include "broker/core/open_counts.h"

#include <gmock/gmock.h>

#include <array>
#include <random>
#include <utility>

#include "broker/store/open_rows.h"
#include "broker/store/records.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;

constexpr std::array kTeams = {"X99-HV", "X99-MASH", "X99-SAFETY", "X26-SAFETY", "X99-DUTY"};

store::OpenCount kept(HubCore& hub, const std::string& team) {
  return store::read_open_count(hub.kv(), hub.inbox_of(team).team)
      .value()
      .value_or(store::OpenCount{});
}

// From the log, one delivery after the other.
store::OpenCount counted(HubCore& hub, const std::string& team) {
  store::OpenCount count;
  uint64_t number = 0;
  for (const auto& entry : hub.inbox(team)) {
    ++number;
    if (entry.type != v1::ENTRY_TYPE_DELIVERY) continue;
    const v1::DeliveryRecord record = hub.delivery(team, number);
    const auto asks =
        record.attention() == v1::ATTENTION_UNSPECIFIED ? entry.attention : record.attention();
    if (asks != v1::ATTENTION_ACT || record.state() == v1::DELIVERY_STATE_FINISHED) continue;
    if (count.open++ == 0) count.first = number;
    count.overdue += record.overdue_level() > 0 && record.state() < v1::DELIVERY_STATE_ACKNOWLEDGED;
  }
  return count;
}

void expect_exact(HubCore& hub, const std::string& when) {
  for (const std::string team : kTeams) {
    const auto row = kept(hub, team), truth = counted(hub, team);
    EXPECT_EQ(row.open, truth.open) << team << " " << when;
    EXPECT_EQ(row.overdue, truth.overdue) << team << " " << when;
    EXPECT_TRUE(truth.open == 0 || row.first <= truth.first) << team << " " << when;
  }
}

// Somebody does something about one of the team's deliveries, often the next thing to do.
void act(HubCore& hub, std::mt19937& dice, std::string& last_act) {
  const std::string team = kTeams[dice() % kTeams.size()];
  std::vector<uint64_t> deliveries;
  uint64_t number = 0;
  for (const auto& entry : hub.inbox(team)) {
    ++number;
    if (entry.type == v1::ENTRY_TYPE_DELIVERY) deliveries.push_back(number);
  }
  if (deliveries.empty()) return;
  constexpr std::array kActs = {
      v1::ACT_KIND_OPEN,     v1::ACT_KIND_ACKNOWLEDGE, v1::ACT_KIND_ACTION, v1::ACT_KIND_FINISH,
      v1::ACT_KIND_NOT_OURS, v1::ACT_KIND_HAND_OVER,   v1::ACT_KIND_TAKE,   v1::ACT_KIND_UNDO};
  number = deliveries[dice() % deliveries.size()];
  const bool taken = hub.delivery(team, number).state() >= v1::DELIVERY_STATE_ACKNOWLEDGED;
  const auto next = taken ? v1::ACT_KIND_FINISH : v1::ACT_KIND_ACKNOWLEDGE;
  const auto kind = dice() % 2 == 0 ? next : kActs[dice() % kActs.size()];
  v1::Act act = make_act(static_cast<unsigned>(dice()), team, number, kind, "amy", "done");
  act.set_not_ours(v1::NOT_OURS_NEVER);
  act.set_to_team(kTeams[dice() % kTeams.size()]);
  act.set_undoes(std::exchange(last_act, act.act_id()));
  (void)hub.act(act);
}

// One thing that people, sources, clocks or the power do.
void something(HubCore& hub, std::mt19937& dice, std::string& last_act) {
  switch (dice() % 8) {
    case 0:
      hub.publish(Event(dice() % 3 == 0 ? "discharge" : "concern", std::to_string(dice())));
      break;
    case 1:
      hub.advance(seconds(dice() % 5000));
      hub.tick();
      break;
    case 2:
      if (dice() % 4 == 0) hub.crash();
      break;
    default:
      act(hub, dice, last_act);
  }
}

TEST(OpenCounts, AreWhatAReadingOfTheWholeLogWouldFindAfterWhateverHappens) {
  uint64_t open = 0, overdue = 0, ended = 0;
  for (uint32_t seed = 1; seed <= 4; ++seed) {
    HubCore hub;
    std::mt19937 dice(seed);
    std::string last_act;
    for (int step = 0; step < 300; ++step) {
      something(hub, dice, last_act);
      expect_exact(hub, "seed " + std::to_string(seed) + " step " + std::to_string(step));
      if (testing::Test::HasFailure()) return;
    }
    for (const std::string team : kTeams) {
      open += kept(hub, team).open;
      overdue += kept(hub, team).overdue;
      for (uint64_t n = 1; n <= hub.inbox(team).size(); ++n) {
        ended += hub.delivery(team, n).state() == v1::DELIVERY_STATE_FINISHED;
      }
    }
  }
  EXPECT_GT(open, 50u);
  EXPECT_GT(overdue, 10u);
  EXPECT_GT(ended, 15u) << "too little ended to prove anything";
}

// A hub of an earlier version wrote into the store and kept no counts.
TEST(OpenCounts, AreCountedAnewWhereAnEarlierVersionHasWorkedMeanwhile) {
  HubCore hub;
  for (int n = 0; n < 5; ++n) hub.publish(Event("concern", std::to_string(n)));
  ASSERT_GT(kept(hub, "X99-HV").open, 0u);
  kv::Batch older;
  older.put(kv::Family::kMeta, store::key::counted(), store::key::position(1));
  older.put(kv::Family::kState, store::key::open_count(hub.inbox_of("X99-HV").team),
            std::string(24, '\x07'));
  ASSERT_TRUE(hub.kv().write_synced(older).ok());
  hub.crash();
  expect_exact(hub, "after the restart");
  EXPECT_GT(kept(hub, "X99-HV").open, 0u);
}

TEST(OpenCounts, TheFloorFollowsTheOldestThatWaits) {
  HubCore hub;
  for (int n = 0; n < 40; ++n) hub.publish(Event("concern", std::to_string(n)));
  const uint64_t head = hub.inbox("X99-HV").size();
  ASSERT_GE(head, 40u);
  unsigned acts = 0;
  for (uint64_t n = 1; n <= 30; ++n) {
    hub.act(make_act(++acts, "X99-HV", n, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
    v1::Act finish = make_act(++acts, "X99-HV", n, v1::ACT_KIND_FINISH, "amy");
    finish.set_outcome("done");
    ASSERT_EQ(hub.act(finish).code(), v1::CODE_OK);
  }
  EXPECT_EQ(kept(hub, "X99-HV").first, 31u);
  EXPECT_EQ(counted(hub, "X99-HV").first, 31u);
}

}  // namespace
}  // namespace switchboard::core
