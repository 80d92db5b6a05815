#include "broker/core/index_event.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using testing::ElementsAre;

Event concern(const std::string& message_id, const std::string& source) {
  Event event("concern", message_id);
  event.source = source;
  *event.header.add_threads() = support::visit("V" + message_id);
  return event;
}

uint64_t indexed(const HubCore& hub) { return store::read_indexed(hub.kv()).value(); }

// Turns of 100 events each, until `enough`: sooner or later they make a run of index rows, of which
// each turn writes a slice.
void publish_until(HubCore& hub, const std::function<bool()>& enough) {
  const v1::PrincipalRow from = hub.who("pas");
  const size_t events_max = limits::kIndexRunBytes / 40;
  for (size_t n = 0; n < events_max && !enough(); n += 100) {
    std::vector<v1::Item> items;
    for (size_t i = n; i < n + 100; ++i) {
      items.push_back(concern("run" + std::to_string(i), "s").item());
    }
    hub.turn([&](Core& c) {
      for (const auto& item : items) c.publish(from, item);
    });
  }
}
void publish_a_run(HubCore& hub) {
  publish_until(hub, [&] { return indexed(hub) > 0; });
}

TEST(IndexEvent, AReusedControlIdIsMarkedAlsoAfterARestart) {
  HubCore hub;
  const auto first = hub.publish(concern("7", "one"));
  EXPECT_EQ(indexed(hub), 0u) << "the rows must not have been written for this test to mean much";
  hub.crash();
  const auto second = hub.publish(concern("7", "other"));
  EXPECT_TRUE(hub.event(second.position).reused_source_id());
  EXPECT_EQ(hub.event(second.position).previous_of_source_id(), first.position);
}

TEST(IndexEvent, ACorrectionFindsItsVisitAlsoAfterARestart) {
  HubCore hub;
  const auto original = hub.publish(concern("7", "one"));
  hub.crash();
  const auto correction =
      hub.publish(support::correction("8", "V7", "concern", v1::CORRECTION_NATURE_VOID));
  EXPECT_EQ(hub.told(correction.position), hub.told(original.position));
}

TEST(IndexEvent, ARunIsWrittenWholeAndRestartsGoOnAfterIt) {
  HubCore hub;
  const auto first = hub.publish(concern("7", "one"));
  publish_a_run(hub);
  EXPECT_GT(indexed(hub), first.position);
  EXPECT_LE(indexed(hub), hub.core().head().position);
  hub.crash();
  const auto again = hub.publish(concern("7", "other"));
  EXPECT_EQ(hub.event(again.position).previous_of_source_id(), first.position);
  const auto last = hub.publish(concern("run0", "other"));
  EXPECT_TRUE(hub.event(last.position).reused_source_id());
}

// P1: what of a run was written before the power went is written again, and whole.
TEST(IndexEvent, ARunThatWasBrokenOffIsMadeAgain) {
  HubCore hub;
  const auto first = hub.publish(concern("7", "one"));
  const auto runs_rows = [&] {
    const auto prefix = store::key::source_id({});
    return hub.kv().scan(kv::Family::kIndex, prefix, kv::prefix_end(prefix))->valid();
  };
  publish_until(hub, runs_rows);
  ASSERT_TRUE(runs_rows());
  ASSERT_EQ(indexed(hub), 0u) << "the run must not be whole for this test to mean much";
  hub.crash();
  const auto again = hub.publish(concern("7", "other"));
  EXPECT_EQ(hub.event(again.position).previous_of_source_id(), first.position);
  publish_a_run(hub);
  EXPECT_GT(indexed(hub), first.position);
}

// P2: also where lower ids came after it, and all that the hub has of it is what the run kept.
TEST(IndexEvent, TheHighestIdOfBeforeARunIsMarkedAfterARestart) {
  HubCore hub;
  const auto first = hub.publish(concern("zzzzzzzz9", "one"));
  publish_a_run(hub);
  const auto late = hub.publish(concern("zzzzzzzz1", "one"));
  hub.crash();
  const auto again = hub.publish(concern("zzzzzzzz9", "other"));
  EXPECT_EQ(hub.event(again.position).previous_of_source_id(), first.position);
  const auto late_again = hub.publish(concern("zzzzzzzz1", "other"));
  EXPECT_EQ(hub.event(late_again.position).previous_of_source_id(), late.position);
  const auto next = hub.publish(concern("zzzzzzzzz", "one"));
  EXPECT_FALSE(hub.event(next.position).reused_source_id());
}

TEST(IndexEvent, AQuarantinedEventLeadsNowhere) {
  HubCore hub;
  Event bad = concern("7", "one");
  bad.header.clear_call_back();
  ASSERT_EQ(hub.publish(bad).code, v1::CODE_QUARANTINED);
  hub.crash();
  const auto good = hub.publish(concern("7", "one"));
  EXPECT_FALSE(hub.event(good.position).reused_source_id());
}

}  // namespace
}  // namespace switchboard::core
