#include "broker/core/row_check.h"

#include <algorithm>
#include <map>
#include <set>

#include "broker/base/limits.h"
#include "broker/base/london.h"
#include "broker/base/nhs_number.h"
#include "broker/base/postcode.h"
#include "broker/core/in_force.h"
#include "broker/core/policy_check.h"

namespace switchboard::core {
namespace {

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

constexpr int kGroupTeamsMax = 32;  // one commit has the act and what it does to the others

class RowCheck {
 public:
  RowCheck(const Directory& now, const v1::Directory& wanted, Time at)
      : now_(now), wanted_(wanted), at_(at) {}
  std::vector<std::string> run();

 private:
  void problem(std::string text) { problems_.push_back(std::move(text)); }
  bool has_team(const std::string& id) const;
  bool has_agency(const std::string& id) const;
  bool has_person(const std::string& id) const;
  const v1::Team* find_team(const std::string& id) const;
  const v1::Practice* find_practice(const std::string& id) const;
  void check_once(const char* type, const auto& rows);
  void check_agency(const v1::Agency& agency);
  void check_team(const v1::Team& team);
  void check_reach(const v1::Team& team, const std::string& who);
  void check_closed(const v1::Team& team, const std::string& who);
  void check_next(const v1::Team& team, const std::string& field, const std::string& next);
  void check_person(const v1::Person& person);
  void check_principal(const v1::PrincipalRow& principal);
  void check_key(const v1::PrincipalRow& principal, const std::string& who);
  void check_expires(const v1::PrincipalRow& principal, const std::string& who);
  void check_route(const v1::Route& route);
  void check_member(const v1::CaseloadMember& member);
  void check_disclosure(const v1::DisclosureMatrix& matrix);
  void check_calendar(const v1::Calendar& calendar);
  void check_group(const v1::Group& group);
  void check_rota(const v1::Rota& rota);
  void check_area(const v1::Area& area);
  void check_postcodes(const v1::PostcodeTable& table);
  void check_practice(const v1::Practice& practice);

  const Directory& now_;
  const v1::Directory& wanted_;
  const Time at_;
  std::vector<std::string> problems_;
};

bool RowCheck::has_team(const std::string& id) const {
  return now_.team(id) != nullptr || std::any_of(wanted_.teams().begin(), wanted_.teams().end(),
                                                 [&](const auto& t) { return t.id() == id; });
}
bool RowCheck::has_agency(const std::string& id) const {
  return now_.agency(id) != nullptr ||
         std::any_of(wanted_.agencies().begin(), wanted_.agencies().end(),
                     [&](const auto& a) { return a.id() == id; });
}

// As it will be: of this file, else in force.
const v1::Team* RowCheck::find_team(const std::string& id) const {
  for (const auto& team : wanted_.teams()) {
    if (team.id() == id) return &team;
  }
  return now_.team(id);
}

bool RowCheck::has_person(const std::string& id) const {
  return now_.person(id) != nullptr || std::any_of(wanted_.people().begin(), wanted_.people().end(),
                                                   [&](const auto& p) { return p.id() == id; });
}
const v1::Practice* RowCheck::find_practice(const std::string& id) const {
  for (const auto& row : wanted_.practices()) {
    if (row.id() == id) return &row;
  }
  return now_.practice(id);
}

void RowCheck::check_once(const char* type, const auto& rows) {
  std::set<std::string> seen;
  for (const auto& row : rows) {
    if (!seen.insert(row.id()).second) {
      problem(std::string(type) + " '" + row.id() + "': named twice in one file");
    }
  }
}

void RowCheck::check_agency(const v1::Agency& a) {
  const std::string who = "agency '" + a.id() + "': ";
  if (!is_id(a.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  if (!has_team(a.safety_net_team())) {
    problem(who + "safety_net_team must name a team: what reaches nobody goes there");
  }
}

void RowCheck::check_team(const v1::Team& t) {
  const std::string who = "team '" + t.id() + "': ";
  if (!is_id(t.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  if (!has_agency(t.agency())) problem(who + "agency '" + t.agency() + "' is not known");
  if (t.kind().empty()) problem(who + "kind is missing");
  if (t.office().phone().empty()) problem(who + "office.phone is missing: whom to ring?");
  check_next(t, "deputy_team", t.deputy_team());
  check_next(t, "spoc_team", t.spoc_team());
  check_next(t, "edt_team", t.edt_team());
  for (const auto& hours : t.hours()) {
    if (auto why = check_hours(hours); !why.empty()) problem(who + why);
  }
  if (!t.last_verified().empty() && !day_from_string(t.last_verified())) {
    problem(who + "last_verified is no date like \"2026-11-22\"");
  }
  if (!t.named_lead().empty() && !has_person(t.named_lead())) {
    problem(who + "named_lead '" + t.named_lead() + "' is not an enrolled person");
  }
  if (t.closed()) check_closed(t, who);
  check_reach(t, who);
}

// A tap must not travel in the clear; loopback is where a gateway of the same machine listens.
static bool is_hook(std::string_view address) {
  if (address.starts_with("https://")) return true;
  return address.starts_with("http://127.0.0.1:") || address.starts_with("http://[::1]:");
}

// What reaches nobody must reach somebody: an agency's safety net stays open.
void RowCheck::check_closed(const v1::Team& t, const std::string& who) {
  std::map<std::string, std::string> nets;
  for (const auto& [id, agency] : now_.agencies()) nets[id] = agency.row.safety_net_team();
  for (const auto& agency : wanted_.agencies()) nets[agency.id()] = agency.safety_net_team();
  for (const auto& [agency, net] : nets) {
    if (net == t.id()) {
      problem(who + "it is the safety net of agency '" + agency + "': name another one first");
    }
  }
}

void RowCheck::check_reach(const v1::Team& t, const std::string& who) {
  if (t.nudges_size() > static_cast<int>(limits::kNudgeAddressesMax)) {
    problem(who + "nudges: at most " + std::to_string(limits::kNudgeAddressesMax) + " addresses");
  }
  for (const auto& nudge : t.nudges()) {
    const bool mail =
        nudge.via() == v1::NUDGE_VIA_MAIL && nudge.address().find('@') < nudge.address().size();
    const bool hook = nudge.via() == v1::NUDGE_VIA_WEBHOOK && is_hook(nudge.address());
    if (!mail && !hook) {
      problem(who + "nudges: via mail needs a mail address, via webhook an https:// address");
    }
  }
}

// Who is told after this team: somebody who is there, of the same environment, and somebody else.
void RowCheck::check_next(const v1::Team& t, const std::string& field, const std::string& next) {
  if (next.empty()) return;
  const std::string who = "team '" + t.id() + "': ";
  if (!has_team(next)) problem(who + field + " '" + next + "' is not known");
  const v1::Team* team = find_team(next);
  if (team != nullptr &&
      (team->environment() == v1::ENVIRONMENT_TEST) != (t.environment() == v1::ENVIRONMENT_TEST)) {
    problem(who + field + " is of the other environment and would never be told");
  }
  if (next == t.id()) problem(who + "a team cannot be its own " + field);
}

void RowCheck::check_person(const v1::Person& p) {
  const std::string who = "person '" + p.id() + "': ";
  if (!is_id(p.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  if (p.name().empty()) problem(who + "name is missing");
  for (const auto& team : p.teams()) {
    if (!has_team(team)) problem(who + "team '" + team + "' is not known");
  }
}

void RowCheck::check_principal(const v1::PrincipalRow& p) {
  const std::string who = "principal '" + p.id() + "': ";
  if (!is_id(p.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  if (p.public_key().size() != 40) problem(who + "public_key must be 40 characters of Z85");
  if (p.roles().empty()) problem(who + "roles is empty");
  if (!p.agency().empty() && !has_agency(p.agency())) {
    problem(who + "agency '" + p.agency() + "' is not known");
  }
  for (const int role : p.roles()) {
    if (role == v1::ROLE_PUBLISHER && (p.agency().empty() || p.system().empty())) {
      problem(who + "a publisher needs agency and system");
    }
    if (role == v1::ROLE_ENDPOINT && p.teams().empty()) {
      problem(who + "an endpoint needs teams");
    }
  }
  for (const auto& team : p.teams()) {
    if (!has_team(team)) problem(who + "team '" + team + "' is not known");
  }
  if (p.revoked()) return;  // holds no key any more, and has no end to come
  check_key(p, who);
  check_expires(p, who);
}

// One that has expired still holds its key: a later last day brings it back.
void RowCheck::check_key(const v1::PrincipalRow& p, const std::string& who) {
  const auto* other = now_.principal_by_key(p.public_key());
  if (other != nullptr && other->id() != p.id() && !other->revoked()) {
    problem(who + "public_key is already enrolled as '" + other->id() + "'");
  }
  for (const auto& row : wanted_.principals()) {
    if (row.id() == p.id()) break;
    if (row.public_key() != p.public_key() || row.revoked()) continue;
    problem(who + "public_key is already enrolled as '" + row.id() + "'");
  }
}

// A file is applied again and again: a row that is as it was may have expired meanwhile.
void RowCheck::check_expires(const v1::PrincipalRow& p, const std::string& who) {
  if (p.expires().empty()) return;
  if (!day_from_string(p.expires())) {
    return problem(who + "expires is no date like \"2026-11-22\": write the key's last day so");
  }
  const auto* as_it_is = now_.principal(p.id());
  const bool unchanged =
      as_it_is != nullptr && as_it_is->SerializeAsString() == p.SerializeAsString();
  if (unchanged || in_force(p, at_)) return;
  problem(who + "expires " + p.expires() +
          " is past: give a later last day or none, or set revoked = true");
}

void RowCheck::check_route(const v1::Route& r) {
  const std::string who = "route '" + r.id() + "': ";
  if (!is_id(r.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  if (!has_team(r.team())) problem(who + "team '" + r.team() + "' is not known");
  if (r.clause().by_case() == v1::Clause::BY_NOT_SET) {
    problem(who + "clause must be one of caseload, area, practice, place");
  }
  if (r.has_ages() && r.ages().below_months() > 0 &&
      r.ages().below_months() <= r.ages().from_months()) {
    problem(who + "ages: below_months must be greater than from_months");
  }
}

void RowCheck::check_member(const v1::CaseloadMember& m) {
  // The identifier itself is never repeated in a problem.
  const std::string who = "caseload of team '" + m.team() + "': ";
  if (!has_team(m.team())) problem(who + "the team is not known");
  if (m.identifier().type() != v1::IDENTIFIER_TYPE_NHS_NUMBER) {
    problem(who + "identifier.type must be nhs_number");
  } else if (check_nhs_number(m.identifier().value()) != NhsNumberCheck::kValid) {
    problem(who + "an NHS number fails its check digit");
  }
}

void RowCheck::check_disclosure(const v1::DisclosureMatrix& matrix) {
  int n = 0;
  for (const auto& row : matrix.rows()) {
    ++n;
    if (row.disclosure() == v1::DISCLOSURE_UNSPECIFIED) {
      problem("disclosure row " + std::to_string(n) + ": disclosure is missing");
    }
  }
}

void RowCheck::check_calendar(const v1::Calendar& c) {
  const std::string who = "calendar '" + c.id() + "': ";
  if (!is_id(c.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  for (const auto& day : c.days()) {
    if (!day_from_string(day.date())) problem(who + "a day's date is no date like \"2026-12-25\"");
  }
}

void RowCheck::check_group(const v1::Group& g) {
  const std::string who = "group '" + g.id() + "': ";
  if (!is_id(g.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  if (g.teams_size() < 2) problem(who + "teams must name at least two: any of them may pick up");
  if (g.teams_size() > kGroupTeamsMax) {
    problem(who + "more than " + std::to_string(kGroupTeamsMax) +
            " teams: one act stops all clocks");
  }
  for (const auto& team : g.teams()) {
    if (!has_team(team)) problem(who + "team '" + team + "' is not known");
  }
}

void RowCheck::check_rota(const v1::Rota& r) {
  const std::string who = "rota '" + r.id() + "': ";
  if (!has_team(r.id())) problem(who + "id must be that of a team");
  for (const auto& slot : r.week()) {
    v1::Hours hours;
    *hours.mutable_days() = slot.days();
    hours.set_from(slot.from());
    hours.set_to(slot.to());
    if (auto why = check_hours(hours); !why.empty()) problem(who + "week: " + why);
    if (!has_person(slot.person())) {
      problem(who + "week: person '" + slot.person() + "' is not enrolled");
    }
  }
  for (const auto& o : r.overrides()) {
    const auto from = time_from_words(o.from()), to = time_from_words(o.to());
    if (!from || !to || *to <= *from) {
      problem(who + "overrides: from and to must be like \"2026-12-24 09:00\", to after from");
    }
    if (!has_person(o.person())) {
      problem(who + "overrides: person '" + o.person() + "' is not enrolled");
    }
  }
}

void RowCheck::check_area(const v1::Area& a) {
  const std::string who = "area '" + a.id() + "': ";
  if (!is_id(a.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  for (const auto* team : {&a.social_care_team(), &a.edt_team()}) {
    if (!team->empty() && !has_team(*team)) problem(who + "team '" + *team + "' is not known");
  }
  if (a.office().phone().empty()) problem(who + "office.phone is missing: whom to ring there?");
}

void RowCheck::check_postcodes(const v1::PostcodeTable& table) {
  if (static_cast<size_t>(table.rows_size()) > limits::kPostcodePrefixesMax) {
    return problem("postcodes: " + std::to_string(table.rows_size()) + " prefixes, at most " +
                   std::to_string(limits::kPostcodePrefixesMax) +
                   ": leave out those that lie in the same area as the shorter one above them");
  }
  std::set<std::string_view> seen;
  for (const auto& row : table.rows()) {
    const auto& prefix = row.prefix();
    if (!is_postcode_prefix(prefix)) {
      problem("postcodes: prefix '" + prefix + "' must be like \"XA\", \"XA1\" or \"XA1 2\"");
    }
    if (row.area().empty()) problem("postcodes: prefix '" + prefix + "' has no area");
    if (!seen.insert(prefix).second) problem("postcodes: prefix '" + prefix + "' is named twice");
  }
  if (table.edition().empty()) problem("postcodes: edition is missing: which table is this?");
}

void RowCheck::check_practice(const v1::Practice& p) {
  const std::string who = "practice '" + p.id() + "': ";
  if (!is_id(p.id())) problem(who + "id must be an ODS code");
  if (!p.team().empty() && !has_team(p.team())) {
    problem(who + "team '" + p.team() + "' is not known");
  }
  if (!p.closed_on().empty() && !day_from_string(p.closed_on())) {
    problem(who + "closed_on is no date like \"2026-11-22\"");
  }
  const v1::Practice* next = &p;
  for (int i = 0; next != nullptr && !next->successor().empty(); ++i) {
    if (next->successor() == p.id() || i > 7) {
      return problem(who + "successor leads round in a circle, or further than eight practices");
    }
    next = find_practice(next->successor());
  }
  if (!p.successor().empty() && p.closed_on().empty()) {
    problem(who + "successor needs closed_on: from when do its children belong there?");
  }
}

std::vector<std::string> RowCheck::run() {
  check_once("agency", wanted_.agencies());
  check_once("team", wanted_.teams());
  check_once("person", wanted_.people());
  check_once("principal", wanted_.principals());
  check_once("route", wanted_.routes());
  check_once("calendar", wanted_.calendars());
  check_once("group", wanted_.groups());
  check_once("rota", wanted_.rotas());
  check_once("area", wanted_.areas());
  check_once("practice", wanted_.practices());
  for (const auto& row : wanted_.agencies()) check_agency(row);
  for (const auto& row : wanted_.teams()) check_team(row);
  for (const auto& row : wanted_.people()) check_person(row);
  for (const auto& row : wanted_.principals()) check_principal(row);
  for (const auto& row : wanted_.routes()) check_route(row);
  for (const auto& row : wanted_.caseload()) check_member(row);
  if (wanted_.has_policy()) {
    for (auto& words : policy_problems(wanted_.policy())) problem(std::move(words));
  }
  if (wanted_.has_disclosure()) check_disclosure(wanted_.disclosure());
  for (const auto& row : wanted_.calendars()) check_calendar(row);
  for (const auto& row : wanted_.groups()) check_group(row);
  for (const auto& row : wanted_.rotas()) check_rota(row);
  for (const auto& row : wanted_.areas()) check_area(row);
  for (const auto& row : wanted_.practices()) check_practice(row);
  if (wanted_.has_postcodes()) check_postcodes(wanted_.postcodes());
  return std::move(problems_);
}

}  // namespace

std::vector<std::string> row_problems(const Directory& in_force, const v1::Directory& wanted,
                                      Time now) {
  return RowCheck(in_force, wanted, now).run();
}

}  // namespace switchboard::core
