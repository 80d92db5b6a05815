#include "adapters/mllp/standing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::mllp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kSecond = 1'000'000;

std::vector<std::string> names(const std::vector<Standing::Change>& changes) {
  std::vector<std::string> out;
  for (const auto& change : changes)
    out.push_back((change.raised ? "+" : "-") + std::string(change.name));
  return out;
}
Standing::Sight at(int64_t second, bool hub_open) {
  return {.boot_us = second * kSecond, .hub_open = hub_open};
}

TEST(Standing, AHubThatIsAwayIsAnAlarmOnlyAfterAWhileAndOnce) {
  Standing standing({.unready_after = seconds(30), .alarm_after = seconds(30)});
  EXPECT_THAT(names(standing.see(at(0, false))), IsEmpty());
  EXPECT_THAT(names(standing.see(at(29, false))), IsEmpty());
  EXPECT_THAT(standing.reasons_against(), IsEmpty());
  EXPECT_THAT(names(standing.see(at(30, false))), ElementsAre("+hub_away"));
  EXPECT_THAT(names(standing.see(at(31, false))), IsEmpty());
  EXPECT_THAT(standing.reasons_against(), ElementsAre("hub_away"));
  EXPECT_THAT(names(standing.see(at(32, true))), ElementsAre("-hub_away"));
  EXPECT_THAT(standing.reasons_against(), IsEmpty());
}

TEST(Standing, IsNotReadySoonerThanAPersonIsWoken) {
  Standing standing({.unready_after = seconds(30), .alarm_after = seconds(300)});
  standing.see(at(0, false));
  EXPECT_THAT(names(standing.see(at(30, false))), IsEmpty());
  EXPECT_THAT(standing.reasons_against(), ElementsAre("hub_away"));
  EXPECT_THAT(names(standing.see(at(300, false))), ElementsAre("+hub_away"));
  EXPECT_THAT(standing.reasons_against(), ElementsAre("hub_away"));
}

TEST(Standing, AShortVisitOfTheHubBeginsTheWaitAnew) {
  Standing standing({.unready_after = seconds(30), .alarm_after = seconds(30)});
  standing.see(at(0, false));
  standing.see(at(20, true));
  standing.see(at(21, false));
  EXPECT_THAT(names(standing.see(at(50, false))), IsEmpty());
  EXPECT_THAT(names(standing.see(at(51, false))), ElementsAre("+hub_away"));
}

TEST(Standing, AHubThatDoesNotLetUsInIsAReasonAtOnce) {
  Standing standing({.unready_after = seconds(30), .alarm_after = seconds(30)});
  auto sight = at(0, false);
  sight.hub_refusal = "unknown key";
  EXPECT_THAT(names(standing.see(sight)), ElementsAre("+hub_refuses"));
  EXPECT_THAT(standing.reasons_against(), ElementsAre("hub_refuses"));
}

TEST(Standing, AHalfFullOutboxIsAnAlarmAndAFullOneStopsTheWork) {
  Standing standing({.unready_after = seconds(30), .alarm_after = seconds(30)});
  auto sight = at(0, true);
  sight.outbox.level = sdk::Outbox::Level::kHalf;
  EXPECT_THAT(names(standing.see(sight)), ElementsAre("+outbox_half"));
  EXPECT_THAT(standing.reasons_against(), IsEmpty());
  sight.outbox.level = sdk::Outbox::Level::kFull;
  EXPECT_THAT(names(standing.see(sight)), ElementsAre("+outbox_full"));
  EXPECT_THAT(standing.reasons_against(), ElementsAre("outbox_full"));
}

TEST(Standing, RefusedItemsAreAnAlarmUntilSomeoneHasDealtWithThem) {
  Standing standing({.unready_after = seconds(30), .alarm_after = seconds(30)});
  auto sight = at(0, true);
  sight.outbox.refused_items = 1;
  EXPECT_THAT(names(standing.see(sight)), ElementsAre("+hub_refused_items"));
  EXPECT_THAT(standing.reasons_against(), IsEmpty());
  sight.outbox.refused_items = 0;
  EXPECT_THAT(names(standing.see(sight)), ElementsAre("-hub_refused_items"));
}

}  // namespace
}  // namespace switchboard::mllp
