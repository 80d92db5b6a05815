#include "broker/core/stale_list.h"

#include <gmock/gmock.h>

#include "tests/unit/core/children.h"

namespace switchboard::core {
namespace {

using support::HubCore;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kDays = 86'400;

std::vector<ListRow> stale(const HubCore& hub) {
  return stale_lists(hub.kv(), *hub.core().directory(), hub.now).value();
}

TEST(StaleList, IsOneWhoseDateOfTruthIsOlderThanPolicySays) {
  HubCore hub;
  hub.change_members(snapshot({1, 2}));
  hub.advance(seconds(35 * kDays));
  EXPECT_THAT(stale(hub), IsEmpty());
  hub.advance(seconds(kDays));
  const auto rows = stale(hub);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].team, "X99-MASH");
  EXPECT_EQ(rows[0].count, 2u);
  EXPECT_THAT(rows[0].age.words, HasSubstr("as of 2026-03-02, 36 days ago"));
  const auto row = to_watch_row(rows[0]);
  EXPECT_EQ(row.what(), "caseload");
  EXPECT_TRUE(row.alarm());
  EXPECT_LT(row.last_us(), row.expected_us());
}
TEST(StaleList, PolicySaysHowOld) {
  auto world = support::small_world();
  world.mutable_policy()->set_stale_caseload_days(7);
  HubCore hub(world);
  hub.change_members(snapshot({1}));
  hub.advance(seconds(8 * kDays));
  EXPECT_THAT(stale(hub), SizeIs(1));
}
TEST(StaleList, OneKeptChildByChildHasNoDateAndIsNone) {
  HubCore hub;
  hub.change_members(adding({1}));
  hub.advance(seconds(400 * kDays));
  EXPECT_THAT(stale(hub), IsEmpty());
  EXPECT_THAT(all_lists(hub.kv(), *hub.core().directory(), hub.now).value(), SizeIs(1));
}

}  // namespace
}  // namespace switchboard::core
