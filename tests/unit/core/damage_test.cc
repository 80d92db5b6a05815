#include "broker/core/damage.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "broker/store/audit_chain.h"
#include "broker/store/keys.h"
#include "tests/support/hub_core.h"
#include "tests/unit/core/corrections.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using testing::Contains;
using testing::ElementsAre;

// Only the health visitors are told; their deadline is two hours away.
Event routine(const std::string& message) {
  Event event("concern", message);
  event.header.set_urgency(v1::URGENCY_ROUTINE);
  return event;
}

// What a flipped bit does to a row: it cannot be read any more.
void damage(HubCore& hub, kv::Family family, const std::string& key) {
  kv::Batch batch;
  batch.put(family, key, "\xff\xff damaged");
  CHECK(hub.kv().write_synced(batch).ok());
}
void damage_event(HubCore& hub, uint64_t position) {
  damage(hub, kv::Family::kEvent, store::key::position(position));
}

TEST(Damage, TheDeadlineOfADamagedEventStandsStillAndEveryOtherRings) {
  HubCore hub;
  const Answer damaged = hub.publish(routine("1"));
  const Answer sound = hub.publish(routine("2"));
  damage_event(hub, damaged.position);
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_FALSE(hub.core().failure());
  EXPECT_THAT(hub.told(sound.position), ElementsAre("X99-HV", "X99-DUTY", "X26-SAFETY"));
  EXPECT_THAT(hub.core().damage().met(), Contains("event " + std::to_string(damaged.position)));
}

TEST(Damage, IsInTheAuditOnceAndAskedForAgainAfterARestart) {
  HubCore hub;
  damage_event(hub, hub.publish(routine("1")).position);
  hub.advance(seconds(7200));
  const uint64_t before = hub.core().head().position;
  hub.tick();
  const uint64_t after = hub.core().head().position;
  EXPECT_EQ(after, before + 1);
  hub.advance(seconds(60));
  hub.tick();
  EXPECT_EQ(hub.core().head().position, after);
  hub.crash();
  const uint64_t opened = hub.core().head().position;
  hub.tick();
  EXPECT_EQ(hub.core().head().position, opened + 1);
}

// How often the audit says that a deadline stands still.
size_t stand_still(HubCore& hub) {
  size_t said = 0;
  CHECK(store::for_each_block(hub.kv(), 0, [&](const v1::AuditBlock& block, std::string_view) {
          for (const auto& entry : block.entries()) {
            said += entry.text().find("stands still") != std::string::npos;
          }
          return true;
        }).ok());
  return said;
}

// P11: a disk that has lost thousands of rows does not fill the audit: while there is more to ring
// in that moment, each tick meets the damaged ones again.
TEST(Damage, OfMoreThanCanBeNotedTheAuditStillEnds) {
  HubCore hub;
  constexpr size_t kNoted = limits::kDamageNotesMax / 2;  // two notes each
  for (size_t i = 0; i < kNoted + 50; ++i) {
    damage_event(hub, hub.publish(routine(std::to_string(i))).position);
  }
  constexpr size_t kSound = 3 * limits::kTicksPerTurnMax;
  for (size_t i = 0; i < kSound; ++i) hub.publish(routine("sound " + std::to_string(i)));
  hub.advance(seconds(7200));
  size_t rang = 0;
  for (size_t now = hub.tick(); now > 0; now = hub.tick()) rang += now;
  EXPECT_EQ(rang, kSound);
  EXPECT_EQ(hub.core().damage().met().size(), limits::kDamageNotesMax);
  EXPECT_EQ(stand_still(hub), kNoted);
}

// P8: deadlines of a working day are often due in the same moment.
TEST(Damage, HoweverManyDeadlinesStandStillTheOthersOfTheirMomentRing) {
  HubCore hub;
  for (size_t i = 0; i <= limits::kTickWindowMax; ++i) {
    damage_event(hub, hub.publish(routine(std::to_string(i))).position);
  }
  hub.publish(routine("sound"));
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 1u);
  const auto next = hub.core().next_due();
  EXPECT_TRUE(!next || *next > hub.now) << "the loop would wake for what stands still";
}

TEST(Damage, AnActOnADamagedEntrySaysWhatToDoAndOthersGoOn) {
  HubCore hub;
  damage_event(hub, hub.publish(routine("1")).position);
  hub.publish(routine("2"));
  const auto refused = hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_OPEN, "amy"));
  EXPECT_EQ(refused.code(), v1::CODE_NOT_FOUND);
  EXPECT_THAT(refused.text(), testing::HasSubstr("ring the sender"));
  EXPECT_EQ(hub.act(make_act(2, "X99-HV", 2, v1::ACT_KIND_OPEN, "amy")).code(), v1::CODE_OK);
}

TEST(Damage, ADamagedEntryOfAnInboxIsNoReasonToEnd) {
  HubCore hub;
  hub.publish(routine("1"));
  damage(hub, kv::Family::kInbox, store::key::inbox(hub.inbox_of("X99-HV"), 1));
  hub.advance(seconds(7200));
  EXPECT_EQ(hub.tick(), 0u);
  EXPECT_FALSE(hub.core().failure());
  const auto refused = hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_OPEN, "amy"));
  EXPECT_EQ(refused.code(), v1::CODE_NOT_FOUND);
}

// P7: it is held, and goes to people when its original does not come.
TEST(Damage, ACorrectionOfADamagedOriginalIsHeld) {
  HubCore hub;
  damage_event(hub, hub.publish(admission()).position);
  const Answer answer = hub.publish(cancel());
  EXPECT_EQ(answer.code, v1::CODE_OK);
  EXPECT_FALSE(hub.core().failure());
  EXPECT_THAT(hub.queue(store::Queue::kHeld), ElementsAre(answer.position));
}

}  // namespace
}  // namespace switchboard::core
