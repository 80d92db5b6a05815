#include "services/cli/render_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

v1::LedgerLine line(v1::LedgerState state, int64_t unexplained = 0) {
  v1::LedgerLine line;
  line.set_agency("X26");
  line.set_system("PAS");
  line.set_bucket(v1::LEDGER_BUCKET_LIVE);
  line.set_day("2026-03-02");
  line.set_accepted(90);
  line.set_duplicate(2);
  line.set_quarantined(1);
  line.set_state(state);
  line.set_unexplained(unexplained);
  line.set_adapter_told_us(1'772'500'000'000'000);
  auto& a = *line.add_adapter();
  a.set_listener("main");
  a.set_read(110);
  a.set_taken(93);
  a.set_duplicate(4);
  a.set_out_of_scope(10);
  a.set_refused(1);
  a.set_full(2);
  return line;
}
v1::LedgerReport report(const v1::LedgerLine& line) {
  v1::LedgerReport report;
  *report.add_lines() = line;
  return report;
}

TEST(RenderLedger, BothSidesOfEachBucketStandUnderOneHead) {
  EXPECT_EQ(ledger_table(report(line(v1::LEDGER_STATE_AGREES))).text({}),
            "SOURCE   BUCKET  LISTENERS  READ  ACCEPTED  DUPLICATE  OUT OF SCOPE  QUARANTINED  "
            "REFUSED  UNEXPLAINED  RESULT\n"
            "X26/PAS  live    main        110        90          6            10            1  "
            "      3            0  agrees\n");
}

TEST(RenderLedger, WhatAgreesOrIsNotOverIsNoFault) {
  EXPECT_THAT(ledger_faults(report(line(v1::LEDGER_STATE_AGREES))), IsEmpty());
  EXPECT_THAT(ledger_faults(report(line(v1::LEDGER_STATE_SO_FAR))), IsEmpty());
}

TEST(RenderLedger, ADifferenceSaysBothNumbers) {
  const auto faults = ledger_faults(report(line(v1::LEDGER_STATE_DIFFERS, 3)));
  ASSERT_THAT(faults, SizeIs(1));
  EXPECT_THAT(faults[0], HasSubstr("X26/PAS (live) on 2026-03-02: 3 unexplained"));
  EXPECT_THAT(faults[0], HasSubstr("read 110"));
  EXPECT_THAT(faults[0], HasSubstr("93 items"));
}

TEST(RenderLedger, AnAdapterThatHasNotToldIsAFault) {
  auto silent = line(v1::LEDGER_STATE_STALE);
  silent.clear_adapter();
  silent.clear_adapter_told_us();
  EXPECT_THAT(ledger_faults(report(silent)).at(0), HasSubstr("has not told of this day"));
  EXPECT_THAT(ledger_table(report(silent)).text({}), HasSubstr("?"));
}

TEST(RenderLedger, AnAdapterIsNamedBySourceOrListener) {
  const auto l = line(v1::LEDGER_STATE_AGREES);
  EXPECT_TRUE(concerns(l, "X26/PAS"));
  EXPECT_TRUE(concerns(l, "main"));
  EXPECT_FALSE(concerns(l, "X26/LAB"));
  EXPECT_FALSE(concerns(l, "X26"));
}

}  // namespace
}  // namespace switchboard::cli
