// P10: what became of each outbox item is counted once, in the commit of the items.
#include "broker/core/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/base/limits.h"
#include "broker/store/audit_chain.h"
#include "broker/store/ledger_rows.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Cut;
using support::Event;
using support::HubCore;
using support::kNoon;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kOutbox(16, 'o');

Answer sent(HubCore& hub, uint64_t sequence, const v1::Item& item, const std::string& who = "pas",
            const std::string& outbox = kOutbox) {
  Answer answer;
  const v1::PrincipalRow from = hub.who(who);
  hub.turn([&](Core& core) { answer = core.publish(from, item, {outbox, sequence}); });
  return answer;
}
v1::Item item(const std::string& message, int64_t taken_us = 0) {
  v1::Item item = Event("concern", message).item();
  item.set_taken_us(taken_us);
  return item;
}
v1::LedgerRecord counted(const HubCore& hub, const std::string& day = "2026-03-02",
                         v1::LedgerBucket bucket = v1::LEDGER_BUCKET_LIVE,
                         const std::string& system = "PAS") {
  return store::read_ledger(hub.kv(), {*day_from_string(day), bucket, "X26", system}).value();
}
uint64_t sum(const v1::LedgerRecord& r) {
  return r.accepted() + r.duplicate() + r.quarantined() + r.refused();
}

TEST(Ledger, EveryAnswerIsCountedUnderItsName) {
  HubCore hub;
  Event speechless("concern", "3");
  speechless.summary.clear_text();
  Event stranger("concern", "4");
  stranger.header.set_agency("X99");
  EXPECT_EQ(sent(hub, 1, item("1")).code, v1::CODE_OK);
  EXPECT_EQ(sent(hub, 2, item("1", kNoon.us - 1)).code, v1::CODE_DUPLICATE)
      << "when it was taken is no part of what it says";
  EXPECT_EQ(sent(hub, 3, speechless.item()).code, v1::CODE_QUARANTINED);
  EXPECT_EQ(sent(hub, 4, stranger.item()).code, v1::CODE_NOT_ALLOWED);
  const auto row = counted(hub);
  EXPECT_EQ(row.accepted(), 1u);
  EXPECT_EQ(row.duplicate(), 1u);
  EXPECT_EQ(row.quarantined(), 1u);
  EXPECT_EQ(row.refused(), 1u) << "under the source whose key sent it";
}

TEST(Ledger, AnItemThatIsSentAgainCountsNoMore) {
  HubCore hub;
  sent(hub, 1, item("1"));
  sent(hub, 2, item("2"));
  const uint64_t before = hub.core().head().position;
  EXPECT_EQ(sent(hub, 1, item("1")).code, v1::CODE_DUPLICATE);
  EXPECT_EQ(sent(hub, 2, item("2")).code, v1::CODE_DUPLICATE);
  EXPECT_EQ(hub.core().head().position, before) << "nothing to commit";
  EXPECT_EQ(sum(counted(hub)), 2u);
  EXPECT_EQ(sent(hub, 3, item("2")).code, v1::CODE_DUPLICATE);
  EXPECT_EQ(counted(hub).duplicate(), 1u)
      << "another item with the same bytes is one that was read";
}

TEST(Ledger, CountsAndItemsShareACommitWhereverThePowerGoes) {
  for (const Cut cut : {Cut::kBeforeWrite, Cut::kBeforeSync, Cut::kAfterSync}) {
    HubCore hub;
    sent(hub, 1, item("1"));
    const v1::PrincipalRow pas = hub.who("pas");
    const v1::Item two = item("2"), three = item("3");
    hub.turn_until(cut, [&](Core& core) {
      core.publish(pas, two, {kOutbox, 2});
      core.publish(pas, three, {kOutbox, 3});
    });
    hub.crash();
    const uint64_t events = hub.core().head().events;
    EXPECT_EQ(events, cut == Cut::kAfterSync ? 3u : 1u);
    EXPECT_EQ(counted(hub).accepted(), events);
    for (uint64_t n = 1; n <= 3; ++n) sent(hub, n, item(std::to_string(n)));  // all again
    EXPECT_EQ(hub.core().head().events, 3u);
    EXPECT_EQ(counted(hub).accepted(), 3u);
    EXPECT_EQ(sum(counted(hub)), 3u);
  }
}

TEST(Ledger, ALostTailTakesItsCountsWithIt) {
  HubCore hub;
  sent(hub, 1, item("1"));
  auto before = hub.backup();
  for (uint64_t n = 2; n <= 5; ++n) sent(hub, n, item(std::to_string(n)));
  ASSERT_EQ(counted(hub).accepted(), 5u);
  hub.restore(std::move(before));
  EXPECT_EQ(counted(hub).accepted(), 1u);
  for (uint64_t n = 1; n <= 5; ++n) sent(hub, n, item(std::to_string(n)));
  EXPECT_EQ(counted(hub).accepted(), 5u);
  EXPECT_EQ(sum(counted(hub)), 5u);
}

// A sender that does not know yet what the hub lost goes on behind it; what was lost comes later.
TEST(Ledger, WhatComesOutOfOrderIsCountedWhenItComesAndOnce) {
  HubCore hub;
  sent(hub, 1, item("1"));
  sent(hub, 6, item("6"));
  sent(hub, 9, item("9"));
  EXPECT_EQ(sum(counted(hub)), 3u);
  hub.crash();
  for (const uint64_t n : {3, 3, 2, 5, 4, 8, 7, 7, 1, 6, 9}) sent(hub, n, item(std::to_string(n)));
  EXPECT_EQ(counted(hub).accepted(), 9u);
  EXPECT_EQ(sum(counted(hub)), 9u);
  EXPECT_EQ(store::read_outboxes(hub.kv()).value().at(0).record.gaps_size(), 0);
}

TEST(Ledger, StretchesNotCountedYetAreBounded) {
  HubCore hub;
  for (uint64_t n = 1; n <= 3 * limits::kOutboxGapsMax; ++n) {
    sent(hub, 2 * n, item(std::to_string(2 * n)));
  }
  const auto outbox = store::read_outboxes(hub.kv()).value().at(0);
  EXPECT_EQ(outbox.record.gaps_size(), static_cast<int>(2 * limits::kOutboxGapsMax));
  EXPECT_EQ(outbox.record.gaps(0), 4 * limits::kOutboxGapsMax + 1) << "the oldest were given up";
}

TEST(Ledger, OneRowForALineAndOneAuditEntryForACommit) {
  HubCore hub;
  const v1::PrincipalRow pas = hub.who("pas");
  std::vector<v1::Item> items;
  for (int n = 1; n <= 20; ++n) items.push_back(item(std::to_string(n)));
  hub.turn([&](Core& core) {
    for (size_t n = 0; n < items.size(); ++n) core.publish(pas, items[n], {kOutbox, n + 1});
  });
  const auto batch = kv::Batch::decode(hub.batches().back()).value();
  int ledger_rows = 0, outbox_rows = 0;
  batch.for_each([&](auto, kv::Family family, std::string_view key, std::string_view) {
    if (family != kv::Family::kState) return;
    ledger_rows += store::key::read_ledger(key).has_value();
    outbox_rows += store::key::read_outbox(key).has_value();
  });
  EXPECT_EQ(ledger_rows, 1);
  EXPECT_EQ(outbox_rows, 1);
  uint64_t in_audit = 0;
  ASSERT_TRUE(store::for_each_block(hub.kv(), 0, [&](const v1::AuditBlock& block, auto) {
                for (const auto& entry : block.entries()) {
                  if (entry.kind() == v1::AUDIT_KIND_COUNTED) in_audit += entry.number();
                }
                return true;
              }).ok());
  EXPECT_EQ(in_audit, 20u);
}

TEST(Ledger, TheDayIsLondonsDayOnWhichTheSenderTookIt) {
  HubCore hub;
  hub.now = from_rfc3339("2026-07-02T12:00:00Z").value();
  sent(hub, 1, item("1", from_rfc3339("2026-07-01T22:59:59Z")->us));
  sent(hub, 2, item("2", from_rfc3339("2026-07-01T23:00:00Z")->us));
  sent(hub, 3, item("3"));
  EXPECT_EQ(counted(hub, "2026-07-01").accepted(), 1u);
  EXPECT_EQ(counted(hub, "2026-07-02").accepted(), 2u);
}

TEST(Ledger, TestAndShadowTrafficHaveBucketsOfTheirOwn) {
  HubCore hub;
  Event test("concern", "1"), shadow("concern", "2"), both("concern", "3");
  test.header.set_environment(v1::ENVIRONMENT_TEST);
  shadow.header.set_shadow(true);
  both.header.set_environment(v1::ENVIRONMENT_TEST);
  both.header.set_shadow(true);
  sent(hub, 1, test.item());
  sent(hub, 2, shadow.item());
  sent(hub, 3, both.item());
  EXPECT_EQ(sum(counted(hub)), 0u);
  EXPECT_EQ(sum(counted(hub, "2026-03-02", v1::LEDGER_BUCKET_TEST)), 1u);
  EXPECT_EQ(sum(counted(hub, "2026-03-02", v1::LEDGER_BUCKET_SHADOW)), 2u)
      << "a source on trial is on trial also where it sends test messages";
}

TEST(Ledger, ASendersClockMakesNoRowOutsideTheDaysThatAreKept) {
  HubCore hub;
  sent(hub, 1, item("1", 1));
  sent(hub, 2, item("2", kNoon.us + seconds(100 * 86400).us));
  std::vector<std::string> days;
  const auto rows = hub.kv().scan(kv::Family::kState, "L", "M");
  for (; rows->valid(); rows->next()) {
    days.push_back(to_string(store::key::read_ledger(rows->key())->day));
  }
  const Day today = london_day(kNoon);
  EXPECT_THAT(days, testing::ElementsAre(to_string(Day{today.number - limits::kLedgerDaysMax + 1}),
                                         to_string(Day{today.number + 1})));
}

TEST(Ledger, DaysThatAreNoLongerKeptAreErasedOfBothLedgers) {
  HubCore hub;
  sent(hub, 1, item("1"));
  v1::AdapterLedgers told;
  auto& line = *told.add_items();
  line.set_listener("main");
  line.set_agency("X26");
  line.set_system("PAS");
  line.set_bucket(v1::LEDGER_BUCKET_LIVE);
  line.set_day("2026-03-02");
  const v1::PrincipalRow pas = hub.who("pas");
  hub.turn([&](Core& core) { EXPECT_EQ(core.tell_ledgers(pas, told).code, v1::CODE_OK); });
  hub.advance(seconds(int64_t{limits::kLedgerDaysMax} * 86400));
  sent(hub, 2, item("2"));
  EXPECT_EQ(sum(counted(hub)), 1u);
  hub.advance(seconds(86400));
  sent(hub, 3, item("3"));
  EXPECT_EQ(sum(counted(hub)), 0u);
  EXPECT_THAT(store::read_adapter_ledgers(hub.kv(), {0}, london_day(hub.now)).value(), IsEmpty());
}

TEST(Ledger, OutboxesAreRememberedUpToABoundAndTheOneInUseStays) {
  HubCore hub;
  sent(hub, 1, item("kept 1"));
  for (size_t n = 0; n < 2 * limits::kOutboxesRememberedMax; ++n) {
    std::string other(16, 'x');
    other[0] = static_cast<char>(n);
    hub.advance(seconds(1));
    sent(hub, 1, item("other " + std::to_string(n)), "pas", other);
    sent(hub, n + 2, item("kept " + std::to_string(n + 2)));
  }
  EXPECT_THAT(store::read_outboxes(hub.kv()).value(), SizeIs(limits::kOutboxesRememberedMax));
  const uint64_t before = sum(counted(hub));
  hub.crash();
  sent(hub, 5, item("kept 5"));
  EXPECT_EQ(sum(counted(hub)), before) << "its count is still known";
}

TEST(Ledger, OnePrincipalsOutboxSaysNothingOfAnothers) {
  HubCore hub;
  sent(hub, 5, item("1"));
  Event rio("concern", "2");
  rio.header.set_agency("X99");
  rio.header.set_system("RIO");
  sent(hub, 1, rio.item(), "rio");
  const store::LedgerKey key{london_day(kNoon), v1::LEDGER_BUCKET_LIVE, "X99", "RIO"};
  EXPECT_EQ(store::read_ledger(hub.kv(), key).value().accepted(), 1u);
}

// ---- what adapters tell ----

v1::AdapterLedgers told(uint64_t read, const std::string& day = "2026-03-02") {
  v1::AdapterLedgers all;
  auto& line = *all.add_items();
  line.set_listener("main");
  line.set_agency("X26");
  line.set_system("PAS");
  line.set_bucket(v1::LEDGER_BUCKET_LIVE);
  line.set_day(day);
  line.set_read(read);
  return all;
}
Answer tell(HubCore& hub, const v1::AdapterLedgers& ledgers, const std::string& who = "pas") {
  Answer answer;
  const v1::PrincipalRow from = hub.who(who);
  hub.turn([&](Core& core) { answer = core.tell_ledgers(from, ledgers); });
  return answer;
}
std::vector<v1::AdapterLedgerRecord> stored(const HubCore& hub) {
  return store::read_adapter_ledgers(hub.kv(), {0}, {1 << 20}).value();
}

TEST(AdapterLedgers, TheNewestStandsAndIsDurableWithItsEntry) {
  HubCore hub;
  EXPECT_EQ(tell(hub, told(3)).code, v1::CODE_OK);
  EXPECT_EQ(tell(hub, told(4)).code, v1::CODE_OK);
  hub.crash();
  const auto rows = stored(hub);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].ledger().read(), 4u);
  EXPECT_EQ(rows[0].principal(), "pas");
  EXPECT_EQ(rows[0].told_us(), kNoon.us);
}

TEST(AdapterLedgers, AnotherAgencysOrSystemsAreRefusedWhole) {
  HubCore hub;
  auto two = told(1);
  *two.add_items() = two.items(0);
  two.mutable_items(1)->set_agency("X99");
  EXPECT_EQ(tell(hub, two).code, v1::CODE_NOT_ALLOWED);
  two.mutable_items(1)->set_agency("X26");
  two.mutable_items(1)->set_system("LAB");
  EXPECT_EQ(tell(hub, two).code, v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(tell(hub, told(1), "x99-hv").code, v1::CODE_NOT_ALLOWED) << "no publisher";
  EXPECT_THAT(stored(hub), IsEmpty());
}

TEST(AdapterLedgers, WhatIsNoDayNameOrBucketIsRefused) {
  HubCore hub;
  for (const char* day : {"", "yesterday", "2026-03-32", "2030-01-01", "2024-01-01"}) {
    EXPECT_EQ(tell(hub, told(1, day)).code, v1::CODE_INVALID) << day;
  }
  auto nameless = told(1);
  nameless.mutable_items(0)->clear_listener();
  EXPECT_EQ(tell(hub, nameless).code, v1::CODE_INVALID);
  auto bucketless = told(1);
  bucketless.mutable_items(0)->clear_bucket();
  EXPECT_EQ(tell(hub, bucketless).code, v1::CODE_INVALID);
  EXPECT_THAT(stored(hub), IsEmpty());
}

TEST(AdapterLedgers, LinesOfASourceAndADayAreBounded) {
  HubCore hub;
  for (size_t n = 0; n < limits::kListenersPerSourceMax; ++n) {
    auto one = told(n);
    one.mutable_items(0)->set_listener("listener " + std::to_string(n));
    ASSERT_EQ(tell(hub, one).code, v1::CODE_OK);
  }
  EXPECT_EQ(tell(hub, told(1)).code, v1::CODE_INVALID);
  auto known = told(77);
  known.mutable_items(0)->set_listener("listener 0");
  EXPECT_EQ(tell(hub, known).code, v1::CODE_OK);
}

// What was accepted as new is counted by kind, and how many were about children.
TEST(Ledger, KindsAreOfWhatWasAcceptedAsNewOnly) {
  HubCore hub;
  Event child("ed_attendance", "1"), adult("ed_attendance", "2"), unknown("ed_attendance", "3");
  child.header.mutable_subject()->set_type(v1::SUBJECT_TYPE_CHILD);
  adult.header.mutable_subject()->set_type(v1::SUBJECT_TYPE_ADULT);
  unknown.header.mutable_subject()->clear_type();
  unknown.identity.clear_birth_date();
  Event speechless("concern", "4");
  speechless.summary.clear_text();
  uint64_t sequence = 0;
  for (const Event* event : {&child, &adult, &unknown, &child, &speechless}) {
    sent(hub, ++sequence, event->item());
  }
  const auto row = counted(hub);
  ASSERT_THAT(row.kinds(), SizeIs(1)) << "neither the duplicate nor what is held";
  EXPECT_EQ(row.kinds(0).kind(), "ed_attendance");
  EXPECT_EQ(row.kinds(0).count(), 3u);
  EXPECT_EQ(row.kinds(0).children(), 2u);
}
// P11: a publisher that makes up kinds does not make the row grow without end.
TEST(Ledger, KindsBeyondTheBoundAreCountedTogether) {
  HubCore hub;
  for (uint64_t n = 1; n <= limits::kLedgerKindsMax + 20; ++n) {
    sent(hub, n, Event("kind_" + std::to_string(n), std::to_string(n)).item());
  }
  const auto row = counted(hub);
  ASSERT_THAT(row.kinds(), SizeIs(limits::kLedgerKindsMax));
  EXPECT_EQ(row.kinds(limits::kLedgerKindsMax - 1).kind(), "other");
  uint64_t all = 0;
  for (const auto& kind : row.kinds()) all += kind.count();
  EXPECT_EQ(all, row.accepted());
}
}  // namespace
}  // namespace switchboard::core
