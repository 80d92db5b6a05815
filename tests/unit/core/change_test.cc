#include "broker/core/change.h"

#include <gmock/gmock.h>

#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using testing::HasSubstr;
using testing::SizeIs;

TEST(Change, TheSameDirectoryAgainChangesNothing) {
  HubCore hub;
  const uint64_t before = hub.core().head().position;
  const auto applied = hub.apply(support::small_world());
  EXPECT_THAT(applied.changed(), SizeIs(0));
  EXPECT_THAT(applied.problems(), SizeIs(0));
  EXPECT_EQ(hub.core().head().position, before);
}
TEST(Change, ADryRunSaysWhatWouldChangeAndWritesNothing) {
  HubCore hub;
  v1::Apply change;
  *change.mutable_directory()->add_agencies() = support::small_world().agencies(0);
  change.mutable_directory()->mutable_agencies(0)->set_name("Renamed");
  change.set_dry_run(true);
  const uint64_t before = hub.core().head().position;
  v1::Applied applied;
  const auto admin = hub.who("admin");
  hub.turn([&](Core& c) { applied = c.apply(admin, "ops", change); });
  ASSERT_THAT(applied.changed(), SizeIs(1));
  EXPECT_EQ(applied.changed(0), "agency X26 (changed)");
  EXPECT_EQ(hub.core().head().position, before);
  EXPECT_NE(hub.core().directory()->agency("X26")->name(), "Renamed");
}
TEST(Change, IsAppliedWholeOrNotAtAll) {
  HubCore hub;
  v1::Directory change;
  *change.add_people() = support::make_person("zoe", "Zoe Example", "X99-HV");
  *change.add_people() = support::make_person("bad", "Bad Example", "NO-SUCH-TEAM");
  EXPECT_THAT(hub.apply(change).problems(), SizeIs(1));
  EXPECT_EQ(hub.core().directory()->person("zoe"), nullptr);
}

v1::Team& spoilt_team(v1::Directory& d) {
  *d.add_teams() = support::make_team("X99-HV", "X99", "health_visiting");
  return *d.mutable_teams(0);
}

struct Spoilt {
  const char* words;
  void (*spoil)(v1::Directory&);
};
class Problem : public testing::TestWithParam<Spoilt> {};
TEST_P(Problem, IsNamedAndNothingIsApplied) {
  HubCore hub;
  v1::Directory change;
  GetParam().spoil(change);
  const uint64_t before = hub.core().head().position;
  const auto applied = hub.apply(change);
  ASSERT_GE(applied.problems_size(), 1);
  EXPECT_THAT(applied.problems(0), HasSubstr(GetParam().words));
  EXPECT_EQ(hub.core().head().position, before);
}
v1::Team& team(v1::Directory& d) {
  return *d.add_teams() = support::make_team("X99-NEW", "X99", "mash");
}
v1::PrincipalRow& key(v1::Directory& d) {
  return *d.add_principals() = support::make_publisher("new", "X26", "NEW");
}
v1::Route& route(v1::Directory& d) {
  return *d.add_routes() = support::area_route("new", "X99-HV", "A");
}
const Spoilt kSpoilt[] = {
    {"safety_net_team", [](v1::Directory& d) { d.add_agencies()->set_id("X11"); }},
    {"id must be", [](v1::Directory& d) { team(d).set_id("has space"); }},
    {"id must be", [](v1::Directory& d) { team(d).set_id(std::string(65, 'x')); }},
    {"agency 'X77' is not known", [](v1::Directory& d) { team(d).set_agency("X77"); }},
    {"kind is missing", [](v1::Directory& d) { team(d).clear_kind(); }},
    {"office.phone", [](v1::Directory& d) { team(d).clear_office(); }},
    {"deputy_team 'NONE'", [](v1::Directory& d) { team(d).set_deputy_team("NONE"); }},
    {"its own deputy", [](v1::Directory& d) { team(d).set_deputy_team("X99-NEW"); }},
    {"other environment", [](v1::Directory& d) { team(d).set_deputy_team("X26-TRY"); }},
    {"named twice",
     [](v1::Directory& d) {
       team(d);
       team(d);
     }},
    {"name is missing",
     [](v1::Directory& d) { *d.add_people() = support::make_person("p", "", "X99-HV"); }},
    {"team 'NONE'",
     [](v1::Directory& d) { *d.add_people() = support::make_person("p", "P", "NONE"); }},
    {"40 characters", [](v1::Directory& d) { key(d).set_public_key("short"); }},
    {"expires is no date like", [](v1::Directory& d) { key(d).set_expires("31 December"); }},
    {"expires is no date like", [](v1::Directory& d) { key(d).set_expires("2026-02-30"); }},
    {"expires 2026-03-01 is past", [](v1::Directory& d) { key(d).set_expires("2026-03-01"); }},
    {"roles is empty", [](v1::Directory& d) { key(d).clear_roles(); }},
    {"needs agency and system", [](v1::Directory& d) { key(d).clear_system(); }},
    {"agency 'X77'", [](v1::Directory& d) { key(d).set_agency("X77"); }},
    {"needs teams", [](v1::Directory& d) { key(d).add_roles(v1::ROLE_ENDPOINT); }},
    {"already enrolled",
     [](v1::Directory& d) {
       key(d).set_public_key(support::make_publisher("pas", "", "").public_key());
     }},
    {"already enrolled",
     [](v1::Directory& d) {
       const std::string same = key(d).public_key();
       key(d).set_id("newer");
       d.mutable_principals(1)->set_public_key(same);
     }},
    {"team 'NONE'", [](v1::Directory& d) { route(d).set_team("NONE"); }},
    {"clause must be", [](v1::Directory& d) { route(d).clear_clause(); }},
    {"below_months",
     [](v1::Directory& d) {
       route(d).mutable_ages()->set_from_months(6);
       d.mutable_routes(0)->mutable_ages()->set_below_months(6);
     }},
    {"fails its check digit",
     [](v1::Directory& d) {
       d.add_caseload()->set_team("X99-HV");
       *d.mutable_caseload(0)->mutable_identifier() = support::nhs_identifier("9000000000");
     }},
    {"must be nhs_number",
     [](v1::Directory& d) {
       d.add_caseload()->set_team("X99-HV");
       *d.mutable_caseload(0)->mutable_identifier() = support::local_identifier("M1");
     }},
    {"attention is missing", [](v1::Directory& d) { d.mutable_policy()->add_rows(); }},
    {"act needs acknowledge_within_s",
     [](v1::Directory& d) { d.mutable_policy()->add_rows()->set_attention(v1::ATTENTION_ACT); }},
    {"disclosure is missing", [](v1::Directory& d) { d.mutable_disclosure()->add_rows(); }},
    {"spoc_team 'NONE' is not known",
     [](v1::Directory& d) { spoilt_team(d).set_spoc_team("NONE"); }},
    {"a team cannot be its own edt_team",
     [](v1::Directory& d) { spoilt_team(d).set_edt_team("X99-HV"); }},
    {"hours.days names no day", [](v1::Directory& d) { spoilt_team(d).add_hours(); }},
    {"last_verified is no date",
     [](v1::Directory& d) { spoilt_team(d).set_last_verified("yesterday"); }},
    {"named_lead 'nobody' is not an enrolled person",
     [](v1::Directory& d) { spoilt_team(d).set_named_lead("nobody"); }},
    {"nudges: via mail needs a mail address",
     [](v1::Directory& d) { spoilt_team(d).add_nudges()->set_via(v1::NUDGE_VIA_MAIL); }},
    {"a day's date is no date",
     [](v1::Directory& d) {
       d.add_calendars()->set_id("england");
       d.mutable_calendars(0)->add_days()->set_date("25 December");
     }},
    {"teams must name at least two",
     [](v1::Directory& d) {
       d.add_groups()->set_id("front-door");
       d.mutable_groups(0)->add_teams("X99-HV");
     }},
    {"id must be that of a team", [](v1::Directory& d) { d.add_rotas()->set_id("NONE"); }},
    {"week: person 'nobody' is not enrolled",
     [](v1::Directory& d) {
       v1::Rota& rota = *d.add_rotas();
       rota.set_id("X99-HV");
       rota.add_week()->set_person("nobody");
       rota.mutable_week(0)->add_days(v1::WEEKDAY_MONDAY);
       rota.mutable_week(0)->set_from("09:00");
       rota.mutable_week(0)->set_to("17:00");
     }},
    {"to after from",
     [](v1::Directory& d) {
       v1::Rota& rota = *d.add_rotas();
       rota.set_id("X99-HV");
       rota.add_overrides()->set_person("amy");
       rota.mutable_overrides(0)->set_from("2026-12-24 09:00");
       rota.mutable_overrides(0)->set_to("2026-12-24 08:00");
     }},
    {"whom to ring there?", [](v1::Directory& d) { d.add_areas()->set_id("X06000009"); }},
    {"is named twice",
     [](v1::Directory& d) {
       for (int i = 0; i < 2; ++i) {
         auto& row = *d.mutable_postcodes()->add_rows();
         row.set_prefix("XA1");
         row.set_area("X06000001");
       }
     }},
    {"must be like \"XA\", \"XA1\"",
     [](v1::Directory& d) { d.mutable_postcodes()->add_rows()->set_prefix("XA12B"); }},
    {"edition is missing", [](v1::Directory& d) { d.mutable_postcodes(); }},
    {"successor needs closed_on",
     [](v1::Directory& d) {
       for (const char* id : {"X10001", "X10002"}) d.add_practices()->set_id(id);
       d.mutable_practices(0)->set_successor("X10002");
     }},
    {"leads round in a circle",
     [](v1::Directory& d) {
       for (const char* id : {"X10001", "X10002"}) d.add_practices()->set_id(id);
       d.mutable_practices(0)->set_successor("X10002");
       d.mutable_practices(1)->set_successor("X10001");
     }},
};
INSTANTIATE_TEST_SUITE_P(Rows, Problem, testing::ValuesIn(kSpoilt));

TEST(Change, AProblemNeverRepeatsAChildsIdentifier) {
  HubCore hub;
  v1::Directory change;
  change.add_caseload()->set_team("NONE");
  *change.mutable_caseload(0)->mutable_identifier() = support::nhs_identifier("9000000000");
  const auto applied = hub.apply(change);
  EXPECT_EQ(applied.problems_size(), 2);
  for (const auto& problem : applied.problems()) {
    EXPECT_EQ(problem.find("9000000000"), std::string::npos);
  }
}
TEST(Change, APostcodeLiesInTheAreaOfTheLongestPrefix) {
  HubCore hub;
  v1::Directory change;
  v1::PostcodeTable& table = *change.mutable_postcodes();
  table.set_edition("invented 2026-11");
  for (const auto& [prefix, area] : {std::pair{"XA", "X06000001"}, std::pair{"XA1", "X06000002"},
                                     std::pair{"XA1 2", "X06000003"}}) {
    table.add_rows()->set_prefix(prefix);
    table.mutable_rows(table.rows_size() - 1)->set_area(area);
  }
  EXPECT_THAT(hub.apply(change).problems(), SizeIs(0));
  const Directory& d = *hub.core().directory();
  EXPECT_EQ(d.area_of_postcode("xa1 2bc"), "X06000003");
  EXPECT_EQ(d.area_of_postcode("XA1 9BC"), "X06000002");
  EXPECT_EQ(d.area_of_postcode("XA9 9BC"), "X06000001");
  EXPECT_EQ(d.area_of_postcode("XA12 9BC"), "X06000001");  // another district than XA1
  EXPECT_EQ(d.area_of_postcode("XB1 1AA"), "");
  EXPECT_EQ(d.area_of_postcode(""), "");
}
TEST(Change, AClosedPracticeLeadsToItsSuccessor) {
  HubCore hub;
  v1::Directory change;
  for (const char* id : {"X10001", "X10002", "X10003"}) change.add_practices()->set_id(id);
  change.mutable_practices(0)->set_successor("X10002");
  change.mutable_practices(0)->set_closed_on("2026-02-01");
  change.mutable_practices(1)->set_successor("X10003");
  change.mutable_practices(1)->set_closed_on("2026-03-01");
  EXPECT_THAT(hub.apply(change).problems(), SizeIs(0));
  const Directory& d = *hub.core().directory();
  EXPECT_EQ(d.open_practice("X10001", *day_from_string("2026-03-01")), "X10003");
  EXPECT_EQ(d.open_practice("X10001", *day_from_string("2026-02-28")), "X10002");
  EXPECT_EQ(d.open_practice("X19999", *day_from_string("2026-03-01")), "X19999");
}
TEST(Change, ARowNamedInTheSameFileIsKnown) {
  HubCore hub;
  v1::Directory change;
  change.add_agencies()->set_id("X11");
  change.mutable_agencies(0)->set_safety_net_team("X11-SAFETY");
  *change.add_teams() = support::make_team("X11-SAFETY", "X11", "safeguarding");
  v1::CaseloadMember& member = *change.add_caseload();
  member.set_team("X11-SAFETY");
  *member.mutable_identifier() = support::nhs_identifier(support::nhs_number(1));
  EXPECT_THAT(hub.apply(change).problems(), SizeIs(0));
  EXPECT_NE(hub.core().directory()->safety_net("X11"), nullptr);
}
TEST(Change, ATeamsHandleIsGivenOnceAndNeverReused) {
  HubCore hub;
  const auto before = hub.team("X99-HV").handle();
  v1::Directory change;
  *change.add_teams() = support::make_team("X99-HV", "X99", "health_visiting");
  change.mutable_teams(0)->set_handle(77);
  *change.add_teams() = support::make_team("X99-NEW", "X99", "mash");
  hub.apply(change);
  EXPECT_EQ(hub.team("X99-HV").handle(), before);
  for (const auto& [id, row] : hub.core().directory()->teams()) {
    EXPECT_TRUE(id == "X99-NEW" || row.row.handle() != hub.team("X99-NEW").handle());
  }
}
TEST(Change, CountsFromTheNextTurnOnAndAfterACrash) {
  HubCore hub;
  v1::Directory change;
  *change.add_people() = support::make_person("zoe", "Zoe Example", "X99-HV");
  hub.apply(change);
  EXPECT_NE(hub.core().directory()->person("zoe"), nullptr);
  hub.crash();
  EXPECT_NE(hub.core().directory()->person("zoe"), nullptr);
}
TEST(Change, AMatchCanBeRunAgainAtThePositionItWasMade) {
  HubCore hub;
  const Answer answer = hub.publish(Event("concern"));
  v1::Directory change;
  *change.add_routes() = support::area_route("hv-area", "X99-HV", "X06000009");
  hub.apply(change);
  const v1::Item item = Event("concern").item();
  const auto then = Directory::load(hub.kv(), answer.position).value();
  const auto trial = [&](const Directory& directory) {
    return try_routes(hub.kv(), directory, hub.core().secrets(), hub.who("pas"), item, hub.now)
        .matches.size();
  };
  EXPECT_EQ(trial(*then), 2u);
  EXPECT_EQ(trial(*hub.core().directory()), 1u);
  EXPECT_EQ(then->route("hv-area")->version, hub.recipients(answer.position)[0].rule_version());
}
TEST(Change, RecipientsStayWhenRoutesChange) {
  HubCore hub;
  const Answer answer = hub.publish(Event("concern"));
  const auto before = hub.told(answer.position);
  v1::Directory change;
  *change.add_routes() = support::area_route("hv-area", "X99-HV", "X06000009");
  hub.apply(change);
  EXPECT_EQ(hub.told(answer.position), before);
}

}  // namespace
}  // namespace switchboard::core
