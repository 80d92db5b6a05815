// Who would have been told, in numbers: sources on trial, and samples under other routes.
#include "broker/server/told_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/base/limits.h"
#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::Event;
using support::HubCore;
using support::kNoon;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> words(const auto& report) {
  std::vector<std::string> rows;
  for (const auto& r : report.rows()) {
    rows.push_back(r.team() + " " + r.day() + " " + std::to_string(r.hour()) +
                   "h: " + std::to_string(r.act()) + "/" + std::to_string(r.see()) + "/" +
                   std::to_string(r.file()));
  }
  return rows;
}

class ToldReport : public testing::Test {
 protected:
  View view() { return {hub_.kv(), *hub_.core().directory(), hub_.core().secrets(), hub_.now}; }
  v1::ShadowReport shadow(int64_t from_us = 0, int64_t to_us = 0, const std::string& agency = {},
                          const std::string& system = {}) {
    v1::ShadowRequest wanted;
    wanted.set_from_us(from_us);
    wanted.set_to_us(to_us);
    wanted.set_agency(agency);
    wanted.set_system(system);
    return shadow_report(view(), wanted).value();
  }
  v1::EstimateReport estimate(const v1::RouteEstimate& wanted) {
    return route_estimate(view(), wanted).value();
  }
  // A row as the core writes it for a source on trial.
  void put(uint64_t position, int64_t accepted_us, const std::vector<v1::Recipient>& shadow,
           const std::string& system = "PAS") {
    v1::EventRecord record;
    record.set_agency("X26");
    record.set_system(system);
    record.set_accepted_us(accepted_us);
    record.set_disposition(v1::DISPOSITION_SHADOWED);
    for (const auto& r : shadow) *record.add_shadow() = r;
    kv::Batch batch;
    batch.put(kv::Family::kEvent, store::key::position(position), record.SerializeAsString());
    CHECK(hub_.kv().write(batch).ok());
  }
  static v1::Recipient told(const std::string& team, v1::Attention attention) {
    v1::Recipient r;
    r.set_team(team);
    r.set_attention(attention);
    return r;
  }
  HubCore hub_;
};

TEST_F(ToldReport, OfASourceOnTrialSaysWhoByDayAndHourInLondon) {
  const int64_t summer = from_rfc3339("2026-07-01T23:10:00Z")->us;
  put(100, summer, {told("X99-HV", v1::ATTENTION_ACT), told("X99-MASH", v1::ATTENTION_SEE)});
  put(101, summer + 60'000'000, {told("X99-HV", v1::ATTENTION_ACT)});
  put(102, summer + 3600'000'000, {told("X99-HV", v1::ATTENTION_FILE)});
  put(103, summer + 3600'000'000, {});
  const auto report = shadow();
  EXPECT_THAT(words(report),
              ElementsAre("X99-HV 2026-07-02 0h: 2/0/0", "X99-HV 2026-07-02 1h: 0/0/1",
                          "X99-MASH 2026-07-02 0h: 0/1/0"));
  EXPECT_EQ(report.events(), 4u);
  EXPECT_EQ(report.told_nobody(), 1u);
  EXPECT_TRUE(report.complete());
}

TEST_F(ToldReport, OfASourceOnTrialLooksAtItsTimesAndSourceOnly) {
  hub_.publish(Event("concern", "live"));  // told for real: not in it
  for (uint64_t n = 0; n < 10; ++n) {
    put(100 + 3 * n, kNoon.us + static_cast<int64_t>(n), {told("X99-HV", v1::ATTENTION_ACT)},
        n % 2 == 0 ? "PAS" : "LAB");
  }
  EXPECT_EQ(shadow().events(), 10u);
  EXPECT_EQ(shadow(kNoon.us + 3, kNoon.us + 7).events(), 4u) << "from is in, to is not";
  EXPECT_EQ(shadow(0, 0, "X26", "LAB").events(), 5u);
  EXPECT_EQ(shadow(0, 0, "X26").events(), 10u);
  EXPECT_EQ(shadow(0, 0, "X99").events(), 0u);
  for (int64_t to = 1; to <= 10; ++to) {
    EXPECT_EQ(shadow(0, kNoon.us + to).events(), static_cast<uint64_t>(to)) << to;
  }
}

TEST_F(ToldReport, LooksAtABoundedNumberOfEventsTheNewestFirst) {
  kv::Batch batch;
  v1::EventRecord record;
  record.set_disposition(v1::DISPOSITION_SHADOWED);
  *record.add_shadow() = told("X99-HV", v1::ATTENTION_ACT);
  for (uint64_t n = 0; n <= limits::kReportEventsMax; ++n) {
    record.set_accepted_us(kNoon.us + (n == 0 ? 0 : 86400'000'000));
    batch.put(kv::Family::kEvent, store::key::position(100 + n), record.SerializeAsString());
    if (batch.bytes() < limits::kTurnBatchBytesMax && n < limits::kReportEventsMax) continue;
    ASSERT_TRUE(hub_.kv().write(batch).ok());
    batch.clear();
  }
  const auto report = shadow();
  EXPECT_FALSE(report.complete());
  EXPECT_EQ(report.events(), limits::kReportEventsMax);
  EXPECT_EQ(report.rows_size(), 1) << "the oldest was left out";
  EXPECT_TRUE(shadow(kNoon.us + 1).complete());
}

TEST_F(ToldReport, AnEstimateOfASampleChangesNothingAndNamesTeamsByDay) {
  v1::RouteEstimate wanted;
  for (int n = 0; n < 3; ++n) {
    Event event("concern", std::to_string(n));
    event.header.set_recorded_us(kNoon.us + n * seconds(43200).us);
    *wanted.add_items() = event.item();
  }
  Event nowhere("appointment", "9");
  nowhere.header.mutable_subject()->clear_area_code();
  nowhere.header.set_recorded_us(kNoon.us);
  *wanted.add_items() = nowhere.item();
  const uint64_t before = hub_.core().head().position;
  const auto report = estimate(wanted);
  EXPECT_EQ(hub_.core().head().position, before);
  EXPECT_THAT(words(report), testing::IsSupersetOf(
                                 {"X99-HV 2026-03-02 0h: 1/0/0", "X99-HV 2026-03-03 0h: 2/0/0"}));
  EXPECT_EQ(report.events(), 4u);
  EXPECT_EQ(report.told_nobody(), 1u);
  EXPECT_TRUE(report.complete());
}

TEST_F(ToldReport, AnEstimateCountsWhatOnlyTheSafetyNetWouldGet) {
  Event far("concern", "1");
  far.header.mutable_subject()->set_area_code("X06999999");
  far.header.set_recorded_us(kNoon.us);
  v1::RouteEstimate wanted;
  *wanted.add_items() = far.item();
  EXPECT_THAT(words(estimate(wanted)), ElementsAre("X26-SAFETY 2026-03-02 0h: 1/0/0"));
}

TEST_F(ToldReport, AnEstimateLeavesOutCorrectionsAndWhatWouldBeHeld) {
  v1::RouteEstimate wanted;
  *wanted.add_items() =
      support::correction("1", "V1", "admission", v1::CORRECTION_NATURE_VOID).item();
  Event speechless("concern", "2");
  speechless.summary.clear_text();
  *wanted.add_items() = speechless.item();
  const auto report = estimate(wanted);
  EXPECT_EQ(report.left_out(), 2u);
  EXPECT_EQ(report.events(), 0u);
}

TEST_F(ToldReport, WithoutASampleWhatTheHubAcceptedIsRoutedAgain) {
  hub_.publish(Event("concern", "old"));
  hub_.advance(seconds(86400));
  const int64_t since = hub_.now.us;
  hub_.publish(Event("concern", "new"));
  Event speechless("concern", "held");
  speechless.summary.clear_text();
  hub_.publish(speechless);
  v1::RouteEstimate wanted;
  wanted.set_since_us(since);
  const auto report = estimate(wanted);
  EXPECT_EQ(report.events(), 1u);
  EXPECT_EQ(report.left_out(), 1u);
  EXPECT_THAT(words(report), testing::Contains("X99-HV 2026-03-03 0h: 1/0/0"));
}

TEST_F(ToldReport, RowsLaidOverTheDirectoryCountAndAreNotKept) {
  hub_.publish(Event("concern", "1"));
  v1::RouteEstimate wanted;
  v1::Team fresh = support::make_team("X99-NEW", "X99", "early_help");
  fresh.set_act_per_day(1);
  *wanted.mutable_with()->add_teams() = fresh;
  *wanted.mutable_with()->add_routes() = support::area_route("new", "X99-NEW", support::kArea);
  const auto report = estimate(wanted);
  EXPECT_THAT(words(report), testing::Contains("X99-NEW 2026-03-02 0h: 1/0/0"));
  EXPECT_EQ(report.act_per_day().at("X99-NEW"), 1u);
  EXPECT_EQ(hub_.core().directory()->team("X99-NEW"), nullptr);
  EXPECT_THAT(words(estimate({})), testing::Not(testing::Contains(testing::HasSubstr("X99-NEW"))));
}

TEST_F(ToldReport, CaseloadRowsLaidOverCountToo) {
  v1::Directory route;
  auto& r = *route.add_routes();
  r.set_id("hv-caseload");
  r.set_team("X26-MIDWIFERY");
  r.mutable_clause()->set_caseload(true);
  ASSERT_THAT(hub_.apply(route).problems(), IsEmpty());
  hub_.publish(Event("concern", "1"));
  v1::RouteEstimate wanted;
  auto& member = *wanted.mutable_with()->add_caseload();
  member.set_team("X26-MIDWIFERY");
  *member.mutable_identifier() = Event("concern", "1").identity.identifiers(0);
  const auto has_midwives = testing::Contains(testing::HasSubstr("X26-MIDWIFERY"));
  EXPECT_THAT(words(estimate(wanted)), has_midwives);
  EXPECT_THAT(words(estimate({})), testing::Not(has_midwives));
}

}  // namespace
}  // namespace switchboard::server
