#include "broker/core/route.h"

#include <gmock/gmock.h>

#include <random>
#include <set>

#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::HubCore;

// A hub with these routes only, all of X99-HV unless they say otherwise.
struct World {
  explicit World(std::vector<v1::Route> routes) {
    v1::Directory d = support::small_world();
    d.clear_routes();
    for (auto& route : routes) *d.add_routes() = std::move(route);
    hub = std::make_unique<HubCore>(d);
  }
  std::vector<std::string> teams(const Facts& facts) const {
    std::vector<std::string> ids;
    for (const auto& m : match(directory(), facts)) ids.push_back(m.team->id());
    return ids;
  }
  const Directory& directory() const { return *hub->core().directory(); }
  std::unique_ptr<HubCore> hub;
};
v1::Route by_area() { return support::area_route("r", "X99-HV", support::kArea); }
Facts facts() {
  Facts f;
  f.kind = "admission";
  f.agency = "X26";
  f.system = "PAS";
  f.urgency = v1::URGENCY_URGENT;
  f.environment = v1::ENVIRONMENT_LIVE;
  f.area = support::kArea;
  f.practice = support::kPractice;
  f.place = support::kPlace;
  f.age_months = 8;
  return f;
}
using Teams = std::vector<std::string>;
const Teams kTold{"X99-HV"};
const Teams kNobody{};

TEST(Route, AClauseMatchesItsOwnFact) {
  v1::Route area = by_area();
  v1::Route practice = by_area();
  practice.mutable_clause()->set_practice(support::kPractice);
  v1::Route place = by_area();
  place.mutable_clause()->set_place(support::kPlace);
  for (const auto& route : {area, practice, place}) {
    const World world({route});
    EXPECT_EQ(world.teams(facts()), kTold) << route.ShortDebugString();
    Facts none = facts();
    none.area = none.practice = none.place = "X0";
    EXPECT_EQ(world.teams(none), kNobody);
    none.area = none.practice = none.place = "";
    EXPECT_EQ(world.teams(none), kNobody);
  }
}
TEST(Route, ACaseloadRouteMatchesItsOwnTeamsChildren) {
  v1::Route route = by_area();
  route.mutable_clause()->set_caseload(true);
  const World world({route});
  Facts f = facts();
  EXPECT_EQ(world.teams(f), kNobody);
  f.caseloads = {world.hub->team("X99-MASH").handle()};
  EXPECT_EQ(world.teams(f), kNobody);
  f.caseloads = {world.hub->team("X99-HV").handle()};
  EXPECT_EQ(world.teams(f), kTold);
}
TEST(Route, NamesItsKindsOrTakesAll) {
  v1::Route route = by_area();
  route.add_kinds("concern");
  EXPECT_EQ(World({route}).teams(facts()), kNobody);
  route.add_kinds("admission");
  EXPECT_EQ(World({route}).teams(facts()), kTold);
}
TEST(Route, NamesItsSourcesByAgencyOrBySystem) {
  v1::Route route = by_area();
  route.add_sources("X99");
  EXPECT_EQ(World({route}).teams(facts()), kNobody);
  route.set_sources(0, "X26");
  EXPECT_EQ(World({route}).teams(facts()), kTold);
  route.set_sources(0, "X26/PAS");
  EXPECT_EQ(World({route}).teams(facts()), kTold);
  route.set_sources(0, "X26/ED");
  EXPECT_EQ(World({route}).teams(facts()), kNobody);
}
TEST(Route, AsksForALeastUrgency) {
  v1::Route route = by_area();
  route.set_least_urgency(v1::URGENCY_IMMEDIATE);
  EXPECT_EQ(World({route}).teams(facts()), kNobody);
  route.set_least_urgency(v1::URGENCY_URGENT);
  EXPECT_EQ(World({route}).teams(facts()), kTold);
}
TEST(Route, AnAgeBandHoldsItsFromAndNotItsBelow) {
  v1::Route route = by_area();
  route.mutable_ages()->set_from_months(8);
  route.mutable_ages()->set_below_months(9);
  const World world({route});
  EXPECT_EQ(world.teams(facts()), kTold);
  Facts f = facts();
  f.age_months = 7;
  EXPECT_EQ(world.teams(f), kNobody);
  f.age_months = 9;
  EXPECT_EQ(world.teams(f), kNobody);
}
TEST(Route, AnUnknownAgeExcludesNobody) {
  v1::Route route = by_area();
  route.mutable_ages()->set_below_months(9);
  Facts f = facts();
  f.age_months.reset();
  EXPECT_EQ(World({route}).teams(f), kTold);
}
TEST(Route, UnbornBabiesAreIncludedOnlyWhereTheBandSaysSo) {
  v1::Route route = by_area();
  route.mutable_ages()->set_below_months(60);
  Facts f = facts();
  f.unborn = true;
  f.age_months.reset();
  EXPECT_EQ(World({route}).teams(f), kNobody);
  route.mutable_ages()->set_unborn(true);
  EXPECT_EQ(World({route}).teams(f), kTold);
  route.mutable_ages()->set_only_unborn(true);
  EXPECT_EQ(World({route}).teams(f), kTold);
  EXPECT_EQ(World({route}).teams(facts()), kNobody);
}
TEST(Route, ADisabledRouteTellsNobody) {
  v1::Route route = by_area();
  route.set_disabled(true);
  EXPECT_EQ(World({route}).teams(facts()), kNobody);
}
TEST(Route, TheSenderMayLimitTheAudience) {
  const World world({by_area()});
  Facts f = facts();
  f.only_team_kinds = {"mash"};
  EXPECT_EQ(world.teams(f), kNobody);
  f.only_team_kinds = {"mash", "health_visiting"};
  EXPECT_EQ(world.teams(f), kTold);
  f.never_agencies = {"X99"};
  EXPECT_EQ(world.teams(f), kNobody);
}
TEST(Route, ASensitiveServiceStaysWithTheAgenciesItNames) {
  const World world({by_area()});
  Facts f = facts();
  f.only_agencies = {"X26"};
  EXPECT_EQ(world.teams(f), kNobody);
  EXPECT_EQ(explain(world.directory(), f)[0].why,
            "the sender limited the audience to other agencies");
  f.direct_to = {"X99-MASH", "X26-MIDWIFERY"};
  EXPECT_EQ(world.teams(f), (Teams{"X26-MIDWIFERY"}));
  f.only_agencies = {"X26", "X99"};
  EXPECT_EQ(world.teams(f), (Teams{"X26-MIDWIFERY", "X99-HV", "X99-MASH"}));
}
TEST(Route, EnvironmentsNeverMix) {
  v1::Route route = by_area();
  route.set_team("X26-TRY");
  const World world({by_area(), [&] {
                       route.set_id("t");
                       return route;
                     }()});
  EXPECT_EQ(world.teams(facts()), kTold);
  Facts f = facts();
  f.environment = v1::ENVIRONMENT_TEST;
  EXPECT_EQ(world.teams(f), (Teams{"X26-TRY"}));
}
TEST(Route, ATeamAddressedDirectlyIsToldUnlessItIsBarred) {
  const World world({});
  Facts f = facts();
  f.direct_to = {"X99-MASH", "NO-SUCH-TEAM", "X26-TRY"};
  EXPECT_EQ(world.teams(f), (Teams{"X99-MASH"}));
  EXPECT_EQ(match(world.directory(), f)[0].cause, v1::CAUSE_DIRECT);
  f.never_agencies = {"X99"};
  EXPECT_EQ(world.teams(f), kNobody);
}
TEST(Route, ATeamGetsOneDeliveryByItsFirstRouteInIdOrder) {
  v1::Route first = by_area();
  first.set_id("a");
  first.mutable_clause()->set_practice(support::kPractice);
  v1::Route second = by_area();
  second.set_id("b");
  const World world({second, first});
  const auto matches = match(world.directory(), facts());
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].route, "a");
}
TEST(Route, FactsAreWordsThatNameNoChild) {
  const World world({by_area()});
  Facts f = facts();
  EXPECT_EQ(match(world.directory(), f)[0].facts, "area X06000001, under 1");
  f.age_months = 30;
  EXPECT_EQ(match(world.directory(), f)[0].facts, "area X06000001, age 2");
  f.age_months.reset();
  EXPECT_EQ(match(world.directory(), f)[0].facts, "area X06000001, age not known");
  f.unborn = true;
  EXPECT_EQ(match(world.directory(), f)[0].facts, "area X06000001, unborn");
}
TEST(Route, AgeIsInWholeMonths) {
  const Time at = *from_rfc3339("2026-03-02T12:00:00Z");
  EXPECT_EQ(age_in_months("2026-03-02", at), 0);
  EXPECT_EQ(age_in_months("2026-02-02", at), 1);
  EXPECT_EQ(age_in_months("2026-02-03", at), 0);
  EXPECT_EQ(age_in_months("2024-02-29", at), 24);
  for (const char* bad : {"", "20260302", "2026-13-01", "2026-02-30", "2026-0a-01", "26-01-01xx"}) {
    EXPECT_EQ(age_in_months(bad, at), std::nullopt) << bad;
  }
}

// ---- explain() and match() never disagree ----
class RandomWorld {
 public:
  explicit RandomWorld(unsigned seed) : random_(seed) {}
  v1::Route route(int n) {
    v1::Route r;
    r.set_id("r" + std::to_string(n));
    r.set_team(pick({"X99-HV", "X99-MASH", "X99-DUTY", "X26-MIDWIFERY", "X26-TRY"}));
    switch (below(4)) {
      case 0:
        r.mutable_clause()->set_caseload(true);
        break;
      case 1:
        r.mutable_clause()->set_area(pick({"A1", "A2"}));
        break;
      case 2:
        r.mutable_clause()->set_practice(pick({"P1", "P2"}));
        break;
      default:
        r.mutable_clause()->set_place(pick({"S1", "S2"}));
        break;
    }
    if (below(2)) r.add_kinds(pick({"admission", "concern"}));
    if (below(3) == 0) r.add_sources(pick({"X26", "X99", "X26/PAS", "X26/ED"}));
    r.set_least_urgency(static_cast<v1::Urgency>(below(4)));
    if (below(2)) {
      r.mutable_ages()->set_from_months(below(3) * 6);
      r.mutable_ages()->set_below_months(below(2) * 24);
      r.mutable_ages()->set_unborn(below(2));
      r.mutable_ages()->set_only_unborn(below(4) == 0);
    }
    r.set_disabled(below(6) == 0);
    return r;
  }
  Facts facts(const HubCore& hub) {
    Facts f = core::facts();
    f.kind = pick({"admission", "concern", "carrier_pigeon"});
    f.agency = pick({"X26", "X99"});
    f.urgency = static_cast<v1::Urgency>(1 + below(3));
    f.environment = below(4) ? v1::ENVIRONMENT_LIVE : v1::ENVIRONMENT_TEST;
    f.area = pick({"A1", "A2", ""});
    f.practice = pick({"P1", "P2", ""});
    f.place = pick({"S1", "S2", ""});
    f.age_months.reset();
    if (below(3)) f.age_months = static_cast<int>(below(40));
    f.unborn = below(5) == 0;
    if (below(2)) f.caseloads.push_back(hub.team("X99-HV").handle());
    if (below(4) == 0) f.only_team_kinds = {"mash", "midwifery"};
    if (below(4) == 0) f.never_agencies = {"X99"};
    return f;
  }
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }

 private:
  const char* pick(std::initializer_list<const char*> list) {
    return *(list.begin() + below(static_cast<unsigned>(list.size())));
  }
  std::mt19937 random_;
};

TEST(Route, TheExplanationAgreesWithTheMatchForRandomDirectories) {
  size_t told = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    RandomWorld dice(seed);
    std::vector<v1::Route> routes;
    for (int n = 0; n < 20; ++n) {
      v1::Route route = dice.route(n);
      const auto& ages = route.ages();  // bands that apply would refuse are left out
      if (ages.below_months() > 0 && ages.below_months() <= ages.from_months()) continue;
      routes.push_back(std::move(route));
    }
    const World world(std::move(routes));
    for (int n = 0; n < 20; ++n) {
      const Facts f = dice.facts(*world.hub);
      std::set<std::string> explained, matched;
      for (const auto& e : explain(world.directory(), f)) {
        EXPECT_FALSE(e.why.empty());
        if (e.matches) explained.insert(e.team);
      }
      for (const auto& team : world.teams(f)) matched.insert(team);
      ASSERT_EQ(explained, matched) << "seed " << seed;
      told += matched.size();
    }
  }
  EXPECT_GT(told, 100u);  // the property was not checked on nothing
}

}  // namespace
}  // namespace switchboard::core
