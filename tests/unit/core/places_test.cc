// What the directory adds to the facts of an event: areas by postcode, successors of practices and
// of teams that are closed.
#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "broker/core/publish.h"
#include "broker/core/sheet.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

v1::Directory prefixes(const char* edition,
                       std::initializer_list<std::pair<const char*, const char*>> rows) {
  v1::Directory change;
  change.mutable_postcodes()->set_edition(edition);
  for (const auto& [prefix, area] : rows) {
    v1::PostcodePrefix& row = *change.mutable_postcodes()->add_rows();
    row.set_prefix(prefix);
    row.set_area(area);
  }
  return change;
}
v1::Item living_at(const char* postcode, Event event) {
  event.header.mutable_subject()->clear_area_code();
  v1::Item item = event.item();
  v1::Location location;
  location.set_postcode(postcode);
  v1::Section& section = *item.add_sections();
  section.set_kind(v1::SECTION_KIND_LOCATION);
  section.set_body(location.SerializeAsString());
  return item;
}

class Places : public testing::Test {
 protected:
  Places() {
    hub_.apply(prefixes("ONSPD 2026-08", {{"XA1", support::kArea}, {"XE", "X06000009"}}));
  }
  // Who was told, and why.
  std::map<std::string, std::string> told(const Answer& answer) {
    std::map<std::string, std::string> words;
    for (const auto& r : hub_.recipients(answer.position)) words[r.team()] = r.facts();
    return words;
  }
  v1::Team close(const std::string& id) {
    v1::Directory change;
    *change.add_teams() = hub_.team(id);
    change.mutable_teams(0)->set_closed(true);
    EXPECT_THAT(hub_.apply(change).problems(), IsEmpty());
    return hub_.team(id);
  }
  HubCore hub_;
};

TEST_F(Places, TheAreaIsFoundByPostcodeAndTheTableIsNamedNotThePostcode) {
  const auto answer = hub_.publish(living_at("XA1 2BC", Event("admission")));
  const auto why = told(answer);
  EXPECT_THAT(why.at("X99-HV"), HasSubstr("area X06000001 by postcode table ONSPD 2026-08"));
  EXPECT_THAT(hub_.event(answer.position).DebugString(), Not(HasSubstr("XA1")));
}
TEST_F(Places, AnAreaThatTheSenderSaysStands) {
  Event event("admission");
  v1::Item item = living_at("XE1 2BC", event);
  item.set_header(event.item().header());
  EXPECT_EQ(told(hub_.publish(item)).count("X99-HV"), 1u);
}
TEST_F(Places, OutOfAreaReachesTheSafetyNetWithTheArea) {
  const auto why = told(hub_.publish(living_at("XE4 1AA", Event("concern"))));
  EXPECT_THAT(why, testing::SizeIs(1));
  EXPECT_THAT(why.at("X26-SAFETY"),
              HasSubstr("no other team was reached; area X06000009 by postcode table"));
}
TEST_F(Places, APostcodeOfNoAreaIsNoFault) {
  const auto answer = hub_.publish(living_at("ZZ99 3VZ", Event("admission")));
  EXPECT_EQ(answer.code, v1::CODE_OK);
  EXPECT_THAT(told(answer), IsEmpty());
}
// P3: the match can be run again at the position it was made.
TEST_F(Places, OldTablesStayAnswerable) {
  const uint64_t before = hub_.core().head().position;
  hub_.apply(prefixes("ONSPD 2026-11", {{"XA1", "X06000009"}}));
  EXPECT_EQ(hub_.core().directory()->area_of_postcode("XA1 2BC"), "X06000009");
  const auto then = Directory::load(hub_.kv(), before).value();
  EXPECT_EQ(then->area_of_postcode("XA1 2BC"), support::kArea);
  EXPECT_EQ(then->postcodes().row.edition(), "ONSPD 2026-08");
}
TEST_F(Places, ATrialSaysByWhichTableARouteDoesNotMatch) {
  const auto trial =
      try_routes(hub_.kv(), *hub_.core().directory(), hub_.core().secrets(), hub_.who("pas"),
                 living_at("XE4 1AA", Event("admission")), hub_.now);
  std::string why;
  for (const auto& e : trial.routes) {
    if (e.route == "hv-area") why = e.why;
  }
  EXPECT_EQ(why, "not area X06000001: area X06000009 by postcode table ONSPD 2026-08");
}
TEST_F(Places, ARegionsWholeTableFitsOneCommitAndMoreIsRefusedWithWhatToDo) {
  v1::Directory whole;
  whole.mutable_postcodes()->set_edition("whole");
  for (size_t i = 0; i < limits::kPostcodePrefixesMax; ++i) {
    v1::PostcodePrefix& row = *whole.mutable_postcodes()->add_rows();
    const size_t district = i / 10;
    row.set_prefix({static_cast<char>('A' + district / 2600),
                    static_cast<char>('A' + district / 100 % 26),
                    static_cast<char>('0' + district / 10 % 10),
                    static_cast<char>('0' + district % 10), ' ', static_cast<char>('0' + i % 10)});
    row.set_area("E06009901");
  }
  EXPECT_THAT(hub_.apply(whole).problems(), IsEmpty());
  EXPECT_EQ(hub_.core().directory()->area_of_postcode("AA00 9ZZ"), "E06009901");
  *whole.mutable_postcodes()->add_rows() = whole.postcodes().rows(0);
  const auto refused = hub_.apply(whole).problems();
  ASSERT_THAT(refused, testing::SizeIs(1));
  EXPECT_THAT(refused[0], HasSubstr("at most 30000: leave out"));
}

v1::Practice practice(const char* id, const char* closed_on = "", const char* successor = "") {
  v1::Practice row;
  row.set_id(id);
  row.set_closed_on(closed_on);
  row.set_successor(successor);
  return row;
}

TEST_F(Places, AClosedPracticesChildrenAreItsSuccessors) {
  v1::Directory change;
  *change.add_practices() = practice("X81009");
  *change.add_practices() = practice("X81002", "2026-03-01", "X81009");
  *change.add_practices() = practice("X81003", "2026-03-03", "X81009");
  v1::Route route = support::area_route("by-practice", "X99-DUTY", "");
  route.mutable_clause()->set_practice("X81009");
  *change.add_routes() = route;
  ASSERT_THAT(hub_.apply(change).problems(), IsEmpty());
  Event event("admission");
  event.header.mutable_subject()->set_registered_practice("X81002");
  EXPECT_THAT(told(hub_.publish(event)).at("X99-DUTY"),
              HasSubstr("practice X81009, successor of X81002"));
  Event tomorrow("admission", "1002");  // closes tomorrow
  tomorrow.header.mutable_subject()->set_registered_practice("X81003");
  EXPECT_EQ(told(hub_.publish(tomorrow)).count("X99-DUTY"), 0u);
  hub_.advance(seconds(86'400));
  Event then("admission", "1003");
  then.header.mutable_subject()->set_registered_practice("X81003");
  EXPECT_EQ(told(hub_.publish(then)).count("X99-DUTY"), 1u);
}
TEST_F(Places, ARouteToTheClosedPracticeItselfStillTells) {
  v1::Directory change;
  *change.add_practices() = practice("X81009");
  *change.add_practices() = practice("X81002", "2026-03-01", "X81009");
  v1::Route route = support::area_route("by-practice", "X99-DUTY", "");
  route.mutable_clause()->set_practice("X81002");
  *change.add_routes() = route;
  hub_.apply(change);
  Event event("admission");
  event.header.mutable_subject()->set_registered_practice("X81002");
  EXPECT_THAT(told(hub_.publish(event)).at("X99-DUTY"), HasSubstr("practice X81002,"));
}

TEST_F(Places, AClosedTeamIsToldNothingNewAndItsDeputyIs) {
  close("X99-HV");
  const auto why = told(hub_.publish(Event("admission")));
  EXPECT_EQ(why.count("X99-HV"), 0u);
  EXPECT_THAT(why.at("X99-DUTY"), HasSubstr("for X99-HV, which is closed"));
}
TEST_F(Places, IfItsDeputyIsClosedTooTheSafetyNetIs) {
  close("X99-HV");
  close("X99-DUTY");
  EXPECT_EQ(told(hub_.publish(Event("admission"))).count("X99-SAFETY"), 1u);
}
TEST_F(Places, WhatIsAddressedToAClosedTeamReachesWhoTakesItForIt) {
  close("X99-HV");
  Event event("concern");
  event.header.mutable_subject()->clear_area_code();
  event.header.add_direct_to("X99-HV");
  EXPECT_EQ(told(hub_.publish(event)).at("X99-DUTY"),
            "addressed by the sender; for X99-HV, which is closed");
}
TEST_F(Places, AClosedTeamKeepsWhatItHasAndCanActOnIt) {
  hub_.publish(Event("admission"));
  close("X99-HV");
  const auto outcome = hub_.act(support::make_act(1, "X99-HV", 1, v1::ACT_KIND_OPEN, "amy"));
  EXPECT_EQ(outcome.code(), v1::CODE_OK) << outcome.text();
}
TEST_F(Places, AnAgencysSafetyNetCannotBeClosed) {
  v1::Directory change;
  *change.add_teams() = hub_.team("X99-SAFETY");
  change.mutable_teams(0)->set_closed(true);
  const auto problems = hub_.apply(change).problems();
  ASSERT_THAT(problems, testing::SizeIs(1));
  EXPECT_THAT(problems[0], HasSubstr("safety net of agency 'X99'"));
}

bool shown_stale(const HubCore& hub, const std::string& team) {
  const auto sheet = directory_sheet(*hub.core().directory(), SheetFor::kPublic, hub.now);
  for (const auto& e : sheet.entries()) {
    if (e.team() == team) return e.stale();
  }
  return false;
}
v1::Directory tried(const HubCore& hub, const std::string& team, const char* day) {
  v1::Directory change;
  *change.add_teams() = hub.team(team);
  change.mutable_teams(0)->set_last_verified(day);
  return change;
}

TEST_F(Places, AWrongNumberMakesTheTeamsNumbersStaleEverywhereUntilTheyAreTried) {
  hub_.apply(tried(hub_, "X99-HV", "2026-03-01"));
  EXPECT_FALSE(shown_stale(hub_, "X99-HV"));
  Event event("concern");
  event.header.set_urgency(v1::URGENCY_IMMEDIATE);
  hub_.publish(event);
  const auto wrong = [&](unsigned act) {  // the sender is asked to ring, and the number is wrong
    for (const auto& task : hub_.tasks("X26-SAFETY")) {
      if (task.task().ring_team() != "X99-HV") continue;
      const auto call = support::make_call(act, task, v1::CALL_RESULT_WRONG_NUMBER, "dev");
      EXPECT_EQ(hub_.act(call).code(), v1::CODE_OK);
    }
  };
  wrong(1);
  EXPECT_TRUE(shown_stale(hub_, "X99-HV"));
  hub_.crash();
  EXPECT_TRUE(shown_stale(hub_, "X99-HV"));
  hub_.apply(tried(hub_, "X99-HV", "2026-03-02"));
  EXPECT_FALSE(shown_stale(hub_, "X99-HV"));
}

}  // namespace
}  // namespace switchboard::core
