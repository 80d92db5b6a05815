// P10: both sides of the ledger of a day, and when they do not agree.
#include "broker/server/reconcile.h"

#include <gtest/gtest.h>

#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::Event;
using support::HubCore;
using support::kNoon;

const Day kDay = london_day(kNoon);
const Time kOver = london_midnight({kDay.number + 1});

// Both sides agree: 10 read, 1 of them of two patients; 8 items went to the hub.
v1::LedgerLine line() {
  v1::LedgerLine line;
  line.set_accepted(5);
  line.set_duplicate(1);
  line.set_quarantined(1);
  line.set_refused(1);
  line.set_adapter_told_us(kOver.us + 1);
  auto& a = *line.add_adapter();
  a.set_read(10);
  a.set_taken(7);
  a.set_split(1);
  a.set_duplicate(1);
  a.set_out_of_scope(1);
  a.set_refused(1);
  return line;
}
v1::LedgerLine settled(v1::LedgerLine line, Time now = kOver + seconds(3600)) {
  settle(line, kDay, now);
  return line;
}

TEST(Reconcile, WhatWasReadIsWhatItBecame) {
  const auto s = settled(line());
  EXPECT_EQ(s.state(), v1::LEDGER_STATE_AGREES);
  EXPECT_EQ(s.unexplained(), 0);
  EXPECT_EQ(s.waiting(), 0u);
}

TEST(Reconcile, AnItemTheHubNeverCountedIsUnexplained) {
  auto l = line();
  l.set_accepted(4);
  EXPECT_EQ(settled(l).state(), v1::LEDGER_STATE_DIFFERS);
  EXPECT_EQ(settled(l).unexplained(), 1);
}

TEST(Reconcile, OneTheAdapterNeverTookIsUnexplainedToo) {
  auto l = line();
  l.set_accepted(6);
  EXPECT_EQ(settled(l).state(), v1::LEDGER_STATE_DIFFERS);
  EXPECT_EQ(settled(l).unexplained(), -1);
}

TEST(Reconcile, AMessageTheAdapterLostBetweenReadingAndItsOutboxIsUnexplained) {
  auto l = line();
  l.mutable_adapter(0)->set_read(11);
  EXPECT_EQ(settled(l).state(), v1::LEDGER_STATE_DIFFERS);
  EXPECT_EQ(settled(l).unexplained(), 1);
}

TEST(Reconcile, TwoFaultsThatCancelOutAreNotAgreement) {
  auto l = line();
  l.mutable_adapter(0)->set_read(11);
  l.set_accepted(6);
  EXPECT_EQ(settled(l).state(), v1::LEDGER_STATE_DIFFERS);
  EXPECT_NE(settled(l).unexplained(), 0);
}

TEST(Reconcile, WhatWaitsIsShownApartAndNoMoreThanTheAdapterSays) {
  auto l = line();
  l.set_accepted(3);
  l.mutable_adapter(0)->set_unanswered(2);
  EXPECT_EQ(settled(l).state(), v1::LEDGER_STATE_AGREES);
  EXPECT_EQ(settled(l).waiting(), 2u);
  l.set_accepted(2);
  EXPECT_EQ(settled(l).state(), v1::LEDGER_STATE_DIFFERS);
  EXPECT_EQ(settled(l).unexplained(), 1);
}

TEST(Reconcile, WhatWaitedWhenTheAdapterToldMayHaveBeenAnsweredSince) {
  auto l = line();
  l.mutable_adapter(0)->set_unanswered(3);
  EXPECT_EQ(settled(l).state(), v1::LEDGER_STATE_AGREES);
  EXPECT_EQ(settled(l).waiting(), 0u);
}

TEST(Reconcile, AnAdapterThatHasNotToldSinceTheDayWasOverIsStale) {
  auto l = line();
  l.set_adapter_told_us(kOver.us - 1);
  EXPECT_EQ(settled(l).state(), v1::LEDGER_STATE_STALE);
  l.clear_adapter();
  l.clear_adapter_told_us();
  EXPECT_EQ(settled(l).state(), v1::LEDGER_STATE_STALE);
}

TEST(Reconcile, UntilTheDayIsOverTheAdaptersWordMayLagButNothingMayBeMissing) {
  auto l = line();
  l.set_adapter_told_us(kNoon.us);
  EXPECT_EQ(settled(l, kNoon).state(), v1::LEDGER_STATE_SO_FAR);
  l.set_accepted(9);
  EXPECT_EQ(settled(l, kNoon).state(), v1::LEDGER_STATE_SO_FAR);
  EXPECT_EQ(settled(l, kNoon).unexplained(), 0);
  l.set_accepted(4);
  EXPECT_EQ(settled(l, kNoon).state(), v1::LEDGER_STATE_DIFFERS);
}

TEST(Reconcile, SeveralListenersOfASourceAreOneLine) {
  auto l = line();
  *l.add_adapter() = l.adapter(0);
  l.set_accepted(10);
  l.set_duplicate(2);
  l.set_quarantined(2);
  l.set_refused(2);
  EXPECT_EQ(settled(l).state(), v1::LEDGER_STATE_AGREES);
}

// ---- from the tables ----

class LedgerReport : public testing::Test {
 protected:
  void publish(uint64_t sequence, const std::string& message) {
    const std::string outbox(16, 'o');
    const v1::Item item = Event("concern", message).item();
    const v1::PrincipalRow pas = hub_.who("pas");
    hub_.turn([&](core::Core& core) { core.publish(pas, item, {outbox, sequence}); });
  }
  void tell(const std::string& day, uint64_t count,
            v1::LedgerBucket bucket = v1::LEDGER_BUCKET_LIVE) {
    v1::AdapterLedgers told;
    auto& a = *told.add_items();
    a.set_listener("main");
    a.set_agency("X26");
    a.set_system("PAS");
    a.set_bucket(bucket);
    a.set_day(day);
    a.set_read(count);
    a.set_taken(count);
    const v1::PrincipalRow pas = hub_.who("pas");
    hub_.turn([&](core::Core& core) { ASSERT_EQ(core.tell_ledgers(pas, told).code, v1::CODE_OK); });
  }
  v1::LedgerReport report(const std::string& day, const std::string& agency = {}) {
    v1::LedgerRequest wanted;
    wanted.set_day(day);
    wanted.set_agency(agency);
    const View view{hub_.kv(), *hub_.core().directory(), hub_.core().secrets(), hub_.now};
    return ledger_report(view, wanted).value();
  }
  HubCore hub_;
};

TEST_F(LedgerReport, PutsBothSidesOfASourceOnOneLine) {
  publish(1, "1");
  publish(2, "2");
  publish(3, "2");
  hub_.advance(seconds(86400));
  tell("2026-03-02", 3);
  const auto lines = report("2026-03-02");
  ASSERT_EQ(lines.lines_size(), 1);
  const auto& l = lines.lines(0);
  EXPECT_EQ(l.agency(), "X26");
  EXPECT_EQ(l.system(), "PAS");
  EXPECT_EQ(l.bucket(), v1::LEDGER_BUCKET_LIVE);
  EXPECT_EQ(l.accepted(), 2u);
  EXPECT_EQ(l.duplicate(), 1u);
  EXPECT_EQ(l.adapter(0).read(), 3u);
  EXPECT_EQ(l.state(), v1::LEDGER_STATE_AGREES);
  EXPECT_EQ(report("2026-03-02", "X99").lines_size(), 0);
}

TEST_F(LedgerReport, AHubThatCountedWhatNoAdapterToldOfIsStale) {
  publish(1, "1");
  hub_.advance(seconds(86400));
  ASSERT_EQ(report("2026-03-02").lines_size(), 1);
  EXPECT_EQ(report("2026-03-02").lines(0).state(), v1::LEDGER_STATE_STALE);
}

TEST_F(LedgerReport, AWordOnALaterDaySaysThatTheDayBeforeIsToldInFull) {
  tell("2026-03-02", 0);
  hub_.advance(seconds(86400));
  EXPECT_EQ(report("2026-03-02").lines(0).state(), v1::LEDGER_STATE_STALE);
  tell("2026-03-03", 0);
  EXPECT_EQ(report("2026-03-02").lines(0).state(), v1::LEDGER_STATE_AGREES);
}

TEST_F(LedgerReport, ALiveAdapterThatFellSilentHasALineForAWeek) {
  tell("2026-03-02", 0);
  hub_.advance(seconds(9 * 86400));
  ASSERT_EQ(report("2026-03-09").lines_size(), 1);
  EXPECT_EQ(report("2026-03-09").lines(0).state(), v1::LEDGER_STATE_STALE);
  EXPECT_EQ(report("2026-03-10").lines_size(), 0);
}

TEST_F(LedgerReport, ATrialOrTestThatEndedIsNoFault) {
  tell("2026-03-02", 0, v1::LEDGER_BUCKET_TEST);
  tell("2026-03-02", 0, v1::LEDGER_BUCKET_SHADOW);
  hub_.advance(seconds(2 * 86400));
  EXPECT_EQ(report("2026-03-03").lines_size(), 0);
  EXPECT_EQ(report("2026-03-02").lines_size(), 2);
}

TEST_F(LedgerReport, WhatIsNoDayIsSaid) {
  const View view{hub_.kv(), *hub_.core().directory(), hub_.core().secrets(), hub_.now};
  EXPECT_EQ(ledger_report(view, {}).error().code, v1::CODE_INVALID);
}

}  // namespace
}  // namespace switchboard::server
