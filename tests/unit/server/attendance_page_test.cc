// The safety net of an emergency department: nothing is missing, and what is missing shows.
#include "broker/server/attendance_page.h"

#include <gmock/gmock.h>

#include "broker/base/london.h"
#include "broker/base/seal.h"
#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::Event;
using support::HubCore;
using support::kNoon;
using support::make_act;
using support::nhs_identifier;
using support::nhs_number;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Duration kHour = seconds(3600), kDay = seconds(86400);
constexpr Duration days(int n) { return seconds(n * 86400); }
const std::string kNet = "X26-NET";

// X26-NET reviews the attendances of X26, staffed from nine to five on working days.
v1::Directory with_net() {
  v1::Directory d = support::small_world();
  v1::Team& team = *d.add_teams();
  team = support::make_team(kNet, "X26", "paediatric_liaison");
  team.set_reviews_attendances(true);
  v1::Hours& hours = *team.add_hours();
  for (int day = v1::WEEKDAY_MONDAY; day <= v1::WEEKDAY_FRIDAY; ++day) {
    hours.add_days(static_cast<v1::Weekday>(day));
  }
  hours.set_from("09:00");
  hours.set_to("17:00");
  v1::Calendar& england = *d.add_calendars();
  england.set_id("england");
  for (const char* date : {"2026-04-03", "2026-04-06"}) england.add_days()->set_date(date);
  *d.add_people() = support::make_person("nel", "Nel Example", kNet);
  *d.add_principals() = support::make_endpoint("x26-net", "X26", kNet);
  *d.add_principals() = support::make_publisher("edis", "X26", "EDIS");
  v1::Route route = support::area_route("net-place", kNet, "");
  route.mutable_clause()->set_place(support::kPlace);
  route.add_kinds("ed_attendance");
  route.add_sources("X26");
  route.mutable_ages()->set_below_months(216);
  *d.add_routes() = route;
  v1::PolicyRow row;
  row.set_id("safety net");
  row.add_kinds("ed_attendance");
  row.add_team_kinds("paediatric_liaison");
  row.set_attention(v1::ATTENTION_ACT);
  row.set_acknowledge_within_s(8 * 3600);
  row.set_action_within_s(8 * 3600);
  row.set_clock(v1::CLOCK_KIND_WORKING);
  v1::Policy& policy = *d.mutable_policy();
  const v1::Policy before = policy;
  policy.clear_rows();
  *policy.add_rows() = row;
  policy.mutable_rows()->MergeFrom(before.rows());
  return d;
}

class AttendancePage : public testing::Test {
 protected:
  static Event attendance(unsigned n, const std::string& place = support::kPlace) {
    Event event("ed_attendance", std::to_string(n));
    event.source += std::to_string(n);
    event.header.mutable_subject()->set_type(v1::SUBJECT_TYPE_CHILD);
    event.header.mutable_subject()->set_place_of_care(place);
    event.identity.clear_identifiers();
    *event.identity.add_identifiers() = nhs_identifier(nhs_number(n));
    return event;
  }
  // As an adapter hands it over, and counts it: position at the hub.
  uint64_t attend(unsigned n, const std::string& place = support::kPlace, Time taken = {}) {
    return hand_over(attendance(n, place).item(), taken);
  }
  uint64_t hand_over(v1::Item item, Time taken = {}, const std::string& key = "pas") {
    item.set_taken_us(taken.us);
    core::Answer answer;
    const auto who = hub_.who(key);
    const std::string outbox(16, key[0]);
    hub_.turn([&](core::Core& core) {
      answer = core.publish(who, core::ItemOf(item).view(), {outbox, ++sequence_[key]});
    });
    return answer.position;
  }
  // What the adapter says that it counted of this day.
  void tell(uint64_t children, const std::string& day, uint64_t unanswered = 0,
            const std::string& key = "pas") {
    v1::AdapterLedgers all;
    v1::AdapterLedger& line = *all.add_items();
    const auto who = hub_.who(key);
    line.set_listener("adt");
    line.set_agency(who.agency());
    line.set_system(who.system());
    line.set_bucket(v1::LEDGER_BUCKET_LIVE);
    line.set_day(day);
    line.set_unanswered(unanswered);
    v1::KindCount& kind = *line.add_kinds();
    kind.set_kind("ed_attendance");
    kind.set_count(children + 3);  // and adults
    kind.set_children(children);
    hub_.turn([&](core::Core& core) { EXPECT_EQ(core.tell_ledgers(who, all).code, v1::CODE_OK); });
  }
  void review(uint64_t number, const std::string& outcome = "no further action") {
    const auto take = make_act(++acts_, kNet, number, v1::ACT_KIND_ACKNOWLEDGE, "nel");
    const auto done = make_act(++acts_, kNet, number, v1::ACT_KIND_FINISH, "nel", outcome);
    ASSERT_EQ(hub_.act(take).code(), v1::CODE_OK);
    ASSERT_EQ(hub_.act(done).code(), v1::CODE_OK);
  }
  v1::Page page(v1::ReadAttendances wanted = {}) const {
    wanted.set_team(kNet);
    return attendance_page(view(), wanted).value();
  }
  View view() const {
    return {hub_.kv(), *hub_.core().directory(), hub_.core().secrets(), hub_.now};
  }
  static std::vector<uint64_t> numbers(const v1::Page& page) {
    std::vector<uint64_t> all;
    for (const auto& row : page.attendances().rows()) all.push_back(row.number());
    return all;
  }
  v1::AttendanceDay today(const std::string& system = "PAS") const {
    const auto found = page();
    for (const auto& day : found.attendances().days()) {
      if (day.day() == to_string(london_day(hub_.now)) && day.system() == system) return day;
    }
    return {};
  }

  HubCore hub_{with_net()};
  std::map<std::string, uint64_t> sequence_;
  unsigned acts_ = 0;
};

// ---- the list -----------------------------------------------------------------------------------

TEST_F(AttendancePage, EachAttendanceOfAChildStandsThereOnceNewestFirst) {
  const auto one = attend(1), two = attend(2);
  hand_over(Event("concern", "c").item());
  const auto found = page();
  EXPECT_THAT(numbers(found), ElementsAre(2, 1));
  ASSERT_THAT(found.items(), SizeIs(2));
  EXPECT_EQ(found.items(0).notice().position(), two);
  EXPECT_EQ(found.items(1).notice().position(), one);
  EXPECT_FALSE(found.items(0).sections().empty());
  EXPECT_EQ(found.attendances().unreviewed(), 2u);
}
TEST_F(AttendancePage, AnUnknownAgeIsNoReasonToLeaveSomebodyOut) {
  Event event = attendance(1);
  event.header.mutable_subject()->clear_type();
  event.identity.clear_birth_date();
  hand_over(event.item());
  EXPECT_THAT(numbers(page()), ElementsAre(1));
  EXPECT_EQ(today().accepted(), 1u);
}
TEST_F(AttendancePage, AnAdultIsNeitherListedNorCounted) {
  Event event = attendance(1);
  event.header.mutable_subject()->clear_type();
  event.identity.set_birth_date("1990-01-01");
  event.header.add_direct_to(kNet);  // the team is told, as number 1
  hand_over(event.item());
  attend(2);
  EXPECT_THAT(numbers(page()), ElementsAre(2));
  EXPECT_EQ(page().attendances().unreviewed(), 1u);
  EXPECT_EQ(today().accepted(), 1u);
  EXPECT_EQ(today().here(), 1u);
}
TEST_F(AttendancePage, WhoReviewedItWhenAndWithWhatOutcome) {
  attend(1);
  attend(2);
  hub_.advance(kHour);
  review(1, "shared with the health visitor");
  const auto rows = page().attendances().rows();
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_FALSE(rows[0].has_reviewed_by());
  EXPECT_EQ(rows[1].reviewed_by().person(), "nel");
  EXPECT_EQ(rows[1].reviewed_us(), hub_.now.us);
  EXPECT_EQ(rows[1].outcome(), "shared with the health visitor");
  EXPECT_EQ(page().attendances().unreviewed(), 1u);
}
// Somebody has it is not somebody has looked at it.
TEST_F(AttendancePage, PickedUpIsNotReviewed) {
  attend(1);
  hub_.act(make_act(1, kNet, 1, v1::ACT_KIND_ACKNOWLEDGE, "nel"));
  EXPECT_EQ(page().attendances().unreviewed(), 1u);
  EXPECT_FALSE(page().attendances().rows(0).has_reviewed_by());
  hub_.advance(kDay);
  EXPECT_TRUE(page().attendances().rows(0).overdue());
}
TEST_F(AttendancePage, AReviewThatIsTakenBackIsNone) {
  attend(1);
  review(1);
  auto undo = make_act(9, kNet, 1, v1::ACT_KIND_UNDO, "nel");
  undo.set_undoes(support::act_id(acts_));
  ASSERT_EQ(hub_.act(undo).code(), v1::CODE_OK);
  EXPECT_EQ(page().attendances().unreviewed(), 1u);
  EXPECT_FALSE(page().attendances().rows(0).has_reviewed_by());
}
TEST_F(AttendancePage, BeginsWithTheOldestThatNobodyReviewedHoweverOld) {
  for (unsigned n = 1; n <= 4; ++n) {
    attend(n);
    hub_.advance(days(10));
  }
  review(1);
  review(3);
  const auto found = page();
  EXPECT_THAT(numbers(found), ElementsAre(4, 3, 2));
  EXPECT_EQ(found.attendances().complete_through_us(), (kNoon + days(10)).us - 1);
}
TEST_F(AttendancePage, TheCountsGoBackToTheOldestThatNobodyReviewedAsWell) {
  attend(1);
  tell(1, "2026-03-02");
  hub_.advance(days(3));
  attend(2);
  review(2);
  EXPECT_THAT(page().attendances().days(), SizeIs(4));
  review(1);
  EXPECT_THAT(page().attendances().days(), SizeIs(2)) << "all is reviewed: today and yesterday";
}
TEST_F(AttendancePage, WhenAllIsReviewedTheLastDayIsShownAndItIsCompleteNow) {
  attend(1);
  hub_.advance(days(2));
  attend(2);
  review(1);
  review(2);
  const auto found = page();
  EXPECT_THAT(numbers(found), ElementsAre(2));
  EXPECT_EQ(found.attendances().complete_through_us(), hub_.now.us);
  EXPECT_EQ(found.attendances().unreviewed(), 0u);
}
TEST_F(AttendancePage, SinceAMomentAndOnlyWhatIsLeft) {
  attend(1);
  hub_.advance(days(2));
  attend(2);
  attend(3);
  review(3);
  v1::ReadAttendances wanted;
  wanted.set_from_us((hub_.now - kHour).us);
  EXPECT_THAT(numbers(page(wanted)), ElementsAre(3, 2));
  wanted.set_unreviewed_only(true);
  EXPECT_THAT(numbers(page(wanted)), ElementsAre(2));
  EXPECT_EQ(page(wanted).attendances().unreviewed(), 2u) << "of all, whatever is asked for";
}
TEST_F(AttendancePage, GoesOnByNumber) {
  for (unsigned n = 1; n <= 5; ++n) attend(n);
  v1::ReadAttendances wanted;
  wanted.set_limit(2);
  const auto first = page(wanted);
  EXPECT_THAT(numbers(first), ElementsAre(5, 4));
  wanted.set_before(first.attendances().next_before());
  const auto second = page(wanted);
  EXPECT_THAT(numbers(second), ElementsAre(3, 2));
  EXPECT_THAT(second.attendances().days(), IsEmpty());
  wanted.set_before(second.attendances().next_before());
  EXPECT_THAT(numbers(page(wanted)), ElementsAre(1));
  EXPECT_EQ(page(wanted).attendances().next_before(), 0u);
}
TEST_F(AttendancePage, ACorrectedOneStaysListedAndSaysSo) {
  Event event = attendance(1);
  *event.header.add_threads() = support::visit("V1");
  hand_over(event.item());
  hand_over(support::correction("2", "V1", "ed_attendance", v1::CORRECTION_NATURE_VOID).item());
  const auto found = page();
  ASSERT_THAT(numbers(found), ElementsAre(1));
  EXPECT_EQ(found.items(0).notice().corrected(), v1::CORRECTION_NATURE_VOID);
}
TEST_F(AttendancePage, IsForATeamThatReviewsOnly) {
  v1::ReadAttendances wanted;
  for (const char* team : {"X26-SAFETY", "X99-HV", "X00-NONE"}) {
    wanted.set_team(team);
    const auto refused = attendance_page(view(), wanted);
    ASSERT_FALSE(refused.ok()) << team;
    EXPECT_EQ(refused.error().code, v1::CODE_NOT_FOUND);
  }
}

// ---- late ---------------------------------------------------------------------------------------

TEST_F(AttendancePage, LateAfterOneWorkingDay) {
  attend(1);  // Monday noon
  hub_.advance(kDay - seconds(1));
  EXPECT_FALSE(page().attendances().rows(0).overdue());
  hub_.advance(seconds(1));
  EXPECT_TRUE(page().attendances().rows(0).overdue());
  EXPECT_EQ(page().attendances().overdue(), 1u);
  review(1);
  EXPECT_FALSE(page().attendances().rows(0).overdue()) << "reviewed late is reviewed";
  EXPECT_EQ(page().attendances().overdue(), 0u);
}
TEST_F(AttendancePage, AWeekendAndABankHolidayAreNoWorkingDays) {
  hub_.advance(days(31));  // Thursday 2 April, 13:00 in London; Easter follows
  attend(1);
  hub_.advance(days(5) - seconds(1));  // Tuesday 7 April
  EXPECT_FALSE(page().attendances().rows(0).overdue());
  hub_.advance(seconds(1));
  EXPECT_TRUE(page().attendances().rows(0).overdue());
}

// ---- the counts ---------------------------------------------------------------------------------

TEST_F(AttendancePage, AgreesWhereFeedHubAndListHaveTheSame) {
  attend(1);
  attend(2);
  tell(2, "2026-03-02");
  const auto day = today();
  EXPECT_EQ(day.fed(), 2u);
  EXPECT_EQ(day.accepted(), 2u);
  EXPECT_EQ(day.here(), 2u);
  EXPECT_TRUE(day.agrees());
}
TEST_F(AttendancePage, WhatTheFeedReadAndTheHubDoesNotHaveShows) {
  attend(1);
  tell(2, "2026-03-02");
  EXPECT_FALSE(today().agrees());
  EXPECT_EQ(today().waiting(), 0u);
  tell(2, "2026-03-02", 1);
  EXPECT_FALSE(today().agrees()) << "it is on the way, and not here";
  EXPECT_EQ(today().waiting(), 1u);
}
TEST_F(AttendancePage, WhatNoRouteBroughtHereShows) {
  attend(1);
  attend(2, "X26B9");
  tell(2, "2026-03-02");
  const auto day = today();
  EXPECT_EQ(day.accepted(), 2u);
  EXPECT_EQ(day.here(), 1u);
  EXPECT_FALSE(day.agrees());
}
TEST_F(AttendancePage, WhatIsHeldInQuarantineShowsUntilItIsDealtWith) {
  attend(1);
  v1::Item broken = attendance(2).item();
  broken.mutable_sections(0)->set_body("\xff\xff not a section");
  const auto held = hand_over(broken);
  tell(1, "2026-03-02");
  EXPECT_EQ(today().quarantined(), 1u);
  EXPECT_FALSE(today().agrees());
  v1::ClearQuarantined clear;
  clear.set_position(held);
  clear.set_reason("sent again by hand");
  clear.mutable_actor()->set_person("dev");
  const auto pas = hub_.who("pas");
  hub_.turn(
      [&](core::Core& core) { EXPECT_EQ(core.clear_quarantined(pas, clear).code, v1::CODE_OK); });
  EXPECT_EQ(today().quarantined(), 0u);
  EXPECT_TRUE(today().agrees());
}
TEST_F(AttendancePage, AFeedThatHasNotToldItsCountDoesNotAgree) {
  attend(1);
  EXPECT_EQ(today().fed_us(), 0);
  EXPECT_FALSE(today().agrees());
}
// P10: silence is a difference from the day on which the feed was first heard, and not before.
TEST_F(AttendancePage, ADayOfWhichAFeedHasNotToldDoesNotAgreeOnceItHasBegun) {
  const auto days_from = [&](int back) {
    v1::ReadAttendances wanted;
    wanted.set_from_us((hub_.now - days(back)).us);
    return page(wanted).attendances().days();
  };
  attend(1);
  tell(1, "2026-03-02");
  EXPECT_THAT(days_from(3), SizeIs(1)) << "it was not connected before";
  hub_.advance(days(2));
  tell(0, "2026-03-04");
  const auto all = days_from(3);
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_TRUE(all[0].agrees());
  EXPECT_EQ(all[1].day(), "2026-03-03");
  EXPECT_FALSE(all[1].agrees()) << "nobody knows how many there were";
  EXPECT_TRUE(all[2].agrees());
}
// The adapter's word is a little older than the hub's count, until the day is over.
TEST_F(AttendancePage, MoreThanTheFeedHasToldOfYetIsNoFaultToday) {
  tell(1, "2026-03-02");
  attend(1);
  attend(2);
  EXPECT_TRUE(today().agrees());
  hub_.advance(kDay);
  const auto days = page().attendances().days();
  ASSERT_THAT(days, SizeIs(2));
  EXPECT_EQ(days[1].day(), "2026-03-02");
  EXPECT_FALSE(days[1].agrees());
}
TEST_F(AttendancePage, TwoFeedsAreCountedApart) {
  attend(1);
  Event other = attendance(2);
  other.header.set_system("EDIS");
  hand_over(other.item(), {}, "edis");
  tell(1, "2026-03-02");
  tell(2, "2026-03-02", 0, "edis");
  EXPECT_TRUE(today("PAS").agrees());
  EXPECT_FALSE(today("EDIS").agrees());
}
TEST_F(AttendancePage, WhatWasReadBeforeMidnightCountsOnThatDayOnAllSides) {
  hub_.advance(seconds(12 * 3600 + 5));  // Tuesday, just begun
  attend(1, support::kPlace, hub_.now - seconds(10));
  tell(1, "2026-03-02");
  tell(0, "2026-03-03");
  const auto days = page().attendances().days();
  v1::ReadAttendances wanted;
  wanted.set_from_us((hub_.now - kDay).us);
  const auto both = page(wanted).attendances().days();
  ASSERT_THAT(both, SizeIs(2));
  EXPECT_EQ(both[1].day(), "2026-03-02");
  EXPECT_EQ(both[1].here(), 1u);
  EXPECT_EQ(both[1].accepted(), 1u);
  EXPECT_TRUE(both[1].agrees());
  EXPECT_EQ(both[0].here(), 0u);
  EXPECT_TRUE(both[0].agrees());
}

}  // namespace
}  // namespace switchboard::server
