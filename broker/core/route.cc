#include "broker/core/route.h"

#include <date/date.h>

#include <algorithm>
#include <charconv>

namespace switchboard::core {
namespace {

bool contains(const auto& list, std::string_view value) {
  return std::any_of(list.begin(), list.end(), [&](const auto& v) { return v == value; });
}

// The reason a team may not be told at all, or nothing.
std::string barred(const v1::Team& team, const Facts& facts) {
  const bool live_team = team.environment() != v1::ENVIRONMENT_TEST;
  const bool live_event = facts.environment != v1::ENVIRONMENT_TEST;
  if (live_team != live_event) return "team and event are of different environments";
  if (!facts.only_team_kinds.empty() && !contains(facts.only_team_kinds, team.kind())) {
    return "the sender limited the audience to other kinds of team";
  }
  if (contains(facts.never_agencies, team.agency())) return "the sender excluded this agency";
  if (!facts.only_agencies.empty() && !contains(facts.only_agencies, team.agency())) {
    return "the sender limited the audience to other agencies";
  }
  return {};
}

bool source_matches(const v1::Route& route, const Facts& facts) {
  if (route.sources().empty()) return true;
  const std::string full = std::string(facts.agency) + "/" + std::string(facts.system);
  return contains(route.sources(), facts.agency) || contains(route.sources(), full);
}

std::string age_barred(const v1::AgeBand& band, const Facts& facts) {
  if (facts.unborn) return band.unborn() || band.only_unborn() ? "" : "unborn babies not included";
  if (band.only_unborn()) return "unborn babies only";
  if (!facts.age_months) return {};  // unknown age never excludes: the child may be of that age
  const auto age = static_cast<uint32_t>(std::max(0, *facts.age_months));
  if (age < band.from_months()) return "younger than the route's age band";
  if (band.below_months() > 0 && age >= band.below_months()) {
    return "older than the route's age band";
  }
  return {};
}

// Why a route whose clause already matches does not apply, or nothing.
std::string excluded(const v1::Route& route, const v1::Team* team, const Facts& facts) {
  if (route.disabled()) return "the route is disabled";
  if (team == nullptr) return "the route's team is not in the directory, or closed without another";
  if (auto why = barred(*team, facts); !why.empty()) return why;
  if (!route.kinds().empty() && !contains(route.kinds(), facts.kind)) {
    return "the kind is not one of the route's";
  }
  if (!source_matches(route, facts)) return "the source is not one of the route's";
  if (facts.urgency < route.least_urgency()) return "less urgent than the route asks";
  if (route.has_ages()) return age_barred(route.ages(), facts);
  return {};
}

std::string clause_words(const v1::Route& route) {
  const auto& clause = route.clause();
  switch (clause.by_case()) {
    case v1::Clause::kCaseload:
      return "on the team's caseload";
    case v1::Clause::kArea:
      return "area " + clause.area();
    case v1::Clause::kPractice:
      return "practice " + clause.practice();
    case v1::Clause::kPlace:
      return "place of care " + clause.place();
    case v1::Clause::BY_NOT_SET:
      break;
  }
  return "no clause";
}

bool clause_matches(const Directory& directory, const v1::Route& route, const Facts& facts) {
  const auto& clause = route.clause();
  switch (clause.by_case()) {
    case v1::Clause::kCaseload: {
      const v1::Team* team = directory.team(route.team());
      return team != nullptr && std::find(facts.caseloads.begin(), facts.caseloads.end(),
                                          team->handle()) != facts.caseloads.end();
    }
    case v1::Clause::kArea:
      return !facts.area.empty() && clause.area() == facts.area;
    case v1::Clause::kPractice:
      return !facts.practice.empty() &&
             (clause.practice() == facts.practice || clause.practice() == facts.practice_successor);
    case v1::Clause::kPlace:
      return !facts.place.empty() && clause.place() == facts.place;
    case v1::Clause::BY_NOT_SET:
      break;
  }
  return false;
}

// How the fact was found, where the event does not say it itself.
std::string clause_facts(const v1::Route& route, const Facts& facts) {
  const auto& clause = route.clause();
  if (clause.has_area()) return area_words(facts);
  const bool successor = clause.has_practice() && clause.practice() != facts.practice;
  return clause_words(route) +
         (successor ? ", successor of " + std::string(facts.practice) : std::string());
}

std::string unmatched_words(const v1::Route& route, const Facts& facts) {
  const std::string words = "not " + clause_words(route);
  if (!route.clause().has_area() || facts.postcode_edition.empty()) return words;
  return words + ": " + area_words(facts);
}

// Empty where it is the route's own team.
std::string instead_words(const v1::Route& route, const v1::Team& team) {
  return route.team() == team.id() ? std::string() : "; for " + route.team() + ", which is closed";
}

// The same for every team.
std::string child_words(const Facts& facts) {
  std::string words = ", age not known";
  if (facts.unborn) {
    words = ", unborn";
  } else if (facts.age_months) {
    words =
        *facts.age_months < 12 ? ", under 1" : ", age " + std::to_string(*facts.age_months / 12);
  }
  if (facts.open_plan) words += ", open plan";
  return words;
}

std::string fact_words(const v1::Route& route, const v1::Team& team, const Facts& facts,
                       std::string_view child) {
  std::string words = clause_facts(route, facts);
  words.append(child).append(instead_words(route, team));
  return words;
}

// Who is told for a team that is named; null if nobody is.
const v1::Team* told_for(const Directory& directory, const v1::Team* named) {
  return named == nullptr ? nullptr : directory.open_team(*named);
}

class Matches {
 public:
  Matches(const Directory& directory, const Facts& facts)
      : directory_(directory), facts_(facts), child_(child_words(facts)) {}

  void add(const Directory::Routes& routes) {
    for (const auto* route : routes) add(*route);
  }
  void add_direct(std::string_view team_id) {
    const v1::Team* team = told_for(directory_, directory_.team(team_id));
    if (team == nullptr || !barred(*team, facts_).empty()) return;
    const auto place = place_of(*team);
    if (is_of(place, *team)) return;
    std::string words = "addressed by the sender";
    if (team->id() != team_id) words += "; for " + std::string(team_id) + ", which is closed";
    all_.insert(place, Match{team, v1::CAUSE_DIRECT, "direct", 0, std::move(words)});
  }
  // P3: what an enquiry brings, unless another rule tells the team already.
  void add_enquiry(const v1::Team& team) {
    if (!barred(team, facts_).empty()) return;
    const auto place = place_of(team);
    if (is_of(place, team)) return;
    all_.insert(place, Match{&team, v1::CAUSE_ENQUIRY, "enquiry", 0, "the team has an enquiry"});
  }
  std::vector<Match> take() { return std::move(all_); }

 private:
  void add(const Versioned<v1::Route>& route) {
    const v1::Team* team = told_for(directory_, directory_.team(route.row.team()));
    if (!excluded(route.row, team, facts_).empty()) return;
    const auto place = place_of(*team);
    const bool known = is_of(place, *team);
    if (known && (place->cause == v1::CAUSE_DIRECT || place->route <= route.row.id())) {
      return;  // the first route in id order speaks for the team
    }
    Match match{team, v1::CAUSE_ROUTE, route.row.id(), route.version,
                fact_words(route.row, *team, facts_, child_)};
    if (known) {
      *place = std::move(match);
    } else {
      all_.insert(place, std::move(match));
    }
  }
  // Where the team's match is, or belongs.
  std::vector<Match>::iterator place_of(const v1::Team& team) {
    return std::lower_bound(
        all_.begin(), all_.end(), team.id(),
        [](const Match& m, const std::string& id) { return m.team->id() < id; });
  }
  bool is_of(std::vector<Match>::iterator place, const v1::Team& team) const {
    return place != all_.end() && place->team->id() == team.id();
  }
  const Directory& directory_;
  const Facts& facts_;
  const std::string child_;
  std::vector<Match> all_;  // in order of team ids
};

}  // namespace

bool may_be_told(const v1::Team& team, const Facts& facts) { return barred(team, facts).empty(); }

std::string area_words(const Facts& facts) {
  if (facts.area.empty()) return {};
  std::string words = "area " + std::string(facts.area);
  if (!facts.postcode_edition.empty()) {
    words += " by postcode table " + std::string(facts.postcode_edition);
  }
  return words;
}

std::vector<Match> match(const Directory& directory, const Facts& facts) {
  Matches matches(directory, facts);
  for (const auto team : facts.direct_to) matches.add_direct(team);
  if (!facts.area.empty()) matches.add(directory.by_area(facts.area));
  if (!facts.practice.empty()) matches.add(directory.by_practice(facts.practice));
  if (!facts.practice_successor.empty()) {
    matches.add(directory.by_practice(facts.practice_successor));
  }
  if (!facts.place.empty()) matches.add(directory.by_place(facts.place));
  for (const auto handle : facts.caseloads) {
    const v1::Team* team = directory.team(handle);
    if (team != nullptr) matches.add(directory.by_caseload(team->id()));
  }
  for (const auto handle : facts.enquiries) {  // last: a route may ask for more
    const v1::Team* team = directory.team(handle);
    if (team != nullptr) matches.add_enquiry(*team);
  }
  return matches.take();
}

std::vector<Explanation> explain(const Directory& directory, const Facts& facts) {
  std::vector<Explanation> all;
  for (const auto& [id, route] : directory.routes()) {
    Explanation e{route.row.team(), id, false, {}};
    if (!clause_matches(directory, route.row, facts)) {
      e.why = unmatched_words(route.row, facts);
    } else {
      const v1::Team* team = told_for(directory, directory.team(route.row.team()));
      e.why = excluded(route.row, team, facts);
      e.matches = e.why.empty();
      if (team != nullptr) e.team = team->id();
      if (e.matches) e.why = fact_words(route.row, *team, facts, child_words(facts));
    }
    all.push_back(std::move(e));
  }
  return all;
}

bool audience_permits(const v1::Audience& audience, const v1::Team& team) {
  const auto& kinds = audience.only_team_kinds();
  const auto& agencies = audience.only_agencies();
  return (kinds.empty() || contains(kinds, team.kind())) &&
         (agencies.empty() || contains(agencies, team.agency())) &&
         !contains(audience.never_agencies(), team.agency());
}

std::optional<int> age_in_months(std::string_view iso, Time at) {
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return std::nullopt;
  int y = 0;
  unsigned m = 0, d = 0;
  const char* s = iso.data();
  if (std::from_chars(s, s + 4, y).ptr != s + 4) return std::nullopt;
  if (std::from_chars(s + 5, s + 7, m).ptr != s + 7) return std::nullopt;
  if (std::from_chars(s + 8, s + 10, d).ptr != s + 10) return std::nullopt;
  const date::year_month_day birth{date::year{y}, date::month{m}, date::day{d}};
  if (!birth.ok()) return std::nullopt;
  const date::sys_time<std::chrono::microseconds> now{std::chrono::microseconds{at.us}};
  const date::year_month_day today{date::floor<date::days>(now)};
  int months = (int(today.year()) - y) * 12 + int(unsigned(today.month())) - int(m);
  if (unsigned(today.day()) < d) --months;
  return months;
}

}  // namespace switchboard::core
