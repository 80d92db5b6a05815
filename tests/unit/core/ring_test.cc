#include "broker/core/ring.h"

#include <gmock/gmock.h>

#include "broker/core/duty.h"
#include "broker/core/sheet.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::HubCore;
using testing::ElementsAre;

Time at(const char* rfc3339) { return *from_rfc3339(rfc3339); }
const Time kTuesdayNoon = at("2026-11-24T12:00:00Z");
const Time kTuesdayNight = at("2026-11-24T22:00:00Z");
const Time kChristmas = at("2026-12-25T12:00:00Z");

v1::Contact phone(const char* name, const char* number) {
  v1::Contact contact;
  contact.set_name(name);
  contact.set_phone(number);
  return contact;
}
v1::Hours weekdays() {
  v1::Hours hours;
  for (int day = v1::WEEKDAY_MONDAY; day <= v1::WEEKDAY_FRIDAY; ++day) {
    hours.add_days(static_cast<v1::Weekday>(day));
  }
  hours.set_from("09:00");
  hours.set_to("17:00");
  return hours;
}
v1::Team& team_of(v1::Directory& d, const std::string& id) {
  for (auto& team : *d.mutable_teams()) {
    if (team.id() == id) return team;
  }
  return *d.add_teams();
}

// X99-HV has office hours, a SPOC (X99-DUTY), an EDT (X99-MASH) and a switchboard.
class RingTest : public testing::Test {
 protected:
  RingTest() : directory_(support::small_world()) {
    v1::Team& hv = team_of(directory_, "X99-HV");
    *hv.add_hours() = weekdays();
    *hv.mutable_office() = phone("Duty health visitor", "01632 960001");
    hv.clear_out_of_hours();
    hv.set_spoc_team("X99-DUTY");
    hv.set_edt_team("X99-MASH");
    *hv.mutable_switchboard() = phone("", "01632 960009");
    hv.set_last_verified("2026-11-01");
    *team_of(directory_, "X99-DUTY").mutable_office() = phone("Duty desk", "01632 960002");
    v1::Team& edt = team_of(directory_, "X99-MASH");
    *edt.mutable_office() = phone("MASH", "01632 960003");
    *edt.mutable_out_of_hours() = phone("EDT", "01632 960004");
    *edt.add_hours() = weekdays();
    v1::Calendar& england = *directory_.add_calendars();
    england.set_id("england");
    england.add_days()->set_date("2026-12-25");
  }
  const Directory& apply() {
    hub_ = std::make_unique<HubCore>(directory_);
    return *hub_->core().directory();
  }
  Ring ring_at(Time when) {
    const Directory& d = apply();
    return ring(d, *d.team("X99-HV"), when);
  }
  v1::Directory directory_;
  std::unique_ptr<HubCore> hub_;
};

std::vector<std::string> numbers(const std::vector<v1::Contact>& contacts) {
  std::vector<std::string> all;
  for (const auto& contact : contacts) all.push_back(contact.phone());
  return all;
}

TEST_F(RingTest, InHoursItIsTheOffice) {
  const Ring now = ring_at(kTuesdayNoon);
  EXPECT_TRUE(now.open);
  EXPECT_EQ(now.now.phone(), "01632 960001");
  EXPECT_THAT(numbers(now.fallback), ElementsAre("01632 960002", "01632 960009", "01632 960003"));
}
TEST_F(RingTest, OutOfHoursWithoutANumberOfItsOwnItIsTheDutyTeamsNumberOfThatMoment) {
  const Ring now = ring_at(kTuesdayNight);
  EXPECT_FALSE(now.open);
  EXPECT_EQ(now.now.phone(), "01632 960004");
  EXPECT_THAT(numbers(now.fallback), ElementsAre("01632 960002", "01632 960009"));
}
TEST_F(RingTest, ABankHolidayIsOutOfHours) {
  EXPECT_EQ(ring_at(kChristmas).now.phone(), "01632 960004");
}
TEST_F(RingTest, ItsOwnOutOfHoursNumberStandsBeforeTheDutyTeams) {
  *team_of(directory_, "X99-HV").mutable_out_of_hours() = phone("On call", "01632 960005");
  EXPECT_EQ(ring_at(kTuesdayNight).now.phone(), "01632 960005");
}
TEST_F(RingTest, WithoutADutyTeamItIsTheSwitchboardThenTheOffice) {
  team_of(directory_, "X99-HV").clear_edt_team();
  EXPECT_EQ(ring_at(kTuesdayNight).now.phone(), "01632 960009");
  team_of(directory_, "X99-HV").clear_switchboard();
  EXPECT_EQ(ring_at(kTuesdayNight).now.phone(), "01632 960001");
}
TEST_F(RingTest, TwoTeamsThatNameEachOtherStillHaveNumbers) {
  v1::Team& edt = team_of(directory_, "X99-MASH");
  edt.clear_out_of_hours();
  edt.set_edt_team("X99-HV");
  EXPECT_EQ(ring_at(kTuesdayNight).now.phone(), "01632 960003");
}
TEST_F(RingTest, NumbersThatNobodyTriedForTooLongAreStale) {
  EXPECT_FALSE(ring_at(at("2027-01-30T12:00:00Z")).stale);
  EXPECT_TRUE(ring_at(at("2027-01-31T12:00:00Z")).stale);
  directory_.mutable_policy()->set_stale_contact_days(200);
  EXPECT_FALSE(ring_at(at("2027-01-31T12:00:00Z")).stale);
  team_of(directory_, "X99-HV").clear_last_verified();
  EXPECT_TRUE(ring_at(kTuesdayNoon).stale);
}

v1::Rota rota_of(const char* team) {
  v1::Rota rota;
  rota.set_id(team);
  v1::RotaSlot& slot = *rota.add_week();
  slot.add_days(v1::WEEKDAY_TUESDAY);
  slot.set_from("08:00");
  slot.set_to("20:00");
  slot.set_person("amy");
  v1::RotaOverride& instead = *rota.add_overrides();
  instead.set_from("2026-12-01 12:00");
  instead.set_to("2026-12-01 16:00");
  instead.set_person("ben");
  return rota;
}

TEST_F(RingTest, WhoIsOnDutyFollowsTheWeekAndOverridesStandFirst) {
  *directory_.add_rotas() = rota_of("X99-HV");
  const Directory& d = apply();
  const v1::Team& hv = *d.team("X99-HV");
  EXPECT_EQ(on_duty(d, hv, kTuesdayNoon)->id(), "amy");
  EXPECT_EQ(on_duty(d, hv, kTuesdayNight), nullptr);
  EXPECT_EQ(on_duty(d, hv, at("2026-12-01T12:00:00Z"))->id(), "ben");
  EXPECT_EQ(on_duty(d, hv, at("2026-12-01T16:00:00Z"))->id(), "amy");
  EXPECT_EQ(on_duty(d, *d.team("X99-MASH"), kTuesdayNoon), nullptr);
}
TEST_F(RingTest, ADisabledPersonIsNotOnDuty) {
  *directory_.add_rotas() = rota_of("X99-HV");
  for (auto& person : *directory_.mutable_people()) person.set_disabled(person.id() == "amy");
  const Directory& d = apply();
  EXPECT_EQ(on_duty(d, *d.team("X99-HV"), kTuesdayNoon), nullptr);
}

const v1::DirectoryEntry* entry(const v1::DirectorySheet& sheet, const std::string& team) {
  for (const auto& e : sheet.entries()) {
    if (e.team() == team) return &e;
  }
  return nullptr;
}

TEST_F(RingTest, ATeamsSheetShowsTheNumberRightNowAndWhoIsOnDuty) {
  *directory_.add_rotas() = rota_of("X99-HV");
  const auto sheet = directory_sheet(apply(), SheetFor::kTeam, kTuesdayNoon);
  const auto* hv = entry(sheet, "X99-HV");
  ASSERT_NE(hv, nullptr);
  EXPECT_EQ(hv->ring_now().phone(), "01632 960001");
  EXPECT_EQ(hv->on_duty(), "Amy Example");
  EXPECT_EQ(hv->hours(), "Mon-Fri 09:00-17:00");
  EXPECT_EQ(hv->safety_net(), "X99-SAFETY");
  EXPECT_FALSE(hv->stale());
  EXPECT_EQ(entry(sheet, "X26-TRY"), nullptr);  // a test team is nobody to ring
}
TEST_F(RingTest, ThePublicListNamesNoPerson) {
  *directory_.add_rotas() = rota_of("X99-HV");
  team_of(directory_, "X99-HV").mutable_office()->set_name("Amy Example");
  const auto sheet = directory_sheet(apply(), SheetFor::kPublic, kTuesdayNoon);
  EXPECT_EQ(sheet.DebugString().find("Amy Example"), std::string::npos);
  EXPECT_EQ(entry(sheet, "X99-HV")->ring_now().phone(), "01632 960001");
}
TEST_F(RingTest, AnAuthorityWithoutATeamIsOnTheSheetWithItsNumbers) {
  v1::Area& area = *directory_.add_areas();
  area.set_id("X06000009");
  area.set_name("Eastshire");
  *area.mutable_office() = phone("Front door", "01632 960777");
  const auto sheet = directory_sheet(apply(), SheetFor::kPublic, kTuesdayNoon);
  ASSERT_NE(entry(sheet, "X06000009"), nullptr);
  EXPECT_EQ(entry(sheet, "X06000009")->ring_now().phone(), "01632 960777");
}

}  // namespace
}  // namespace switchboard::core
