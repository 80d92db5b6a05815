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

// Enough events that a run of index rows has been written; each turn holds one.
void publish_a_run(HubCore& hub) {
  const size_t events = limits::kIndexRunBytes / 40;
  for (size_t n = 0; n < events; ++n) hub.publish(concern("run" + std::to_string(n), "s"));
}

uint64_t indexed(const HubCore& hub) { return store::read_indexed(hub.kv()).value(); }

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
