#include "broker/core/directory.h"

#include <algorithm>

#include "broker/base/postcode.h"
#include "broker/core/in_force.h"

namespace switchboard::core {
namespace {

template <typename Map>
auto* find_row(const Map& rows, std::string_view id) {
  const auto it = rows.find(id);
  return it == rows.end() ? nullptr : &it->second.row;
}

template <typename Row>
Status parse_into(const store::DirectoryRow& in, Versioned<Row>& out) {
  if (!out.row.ParseFromString(in.row)) return error(v1::CODE_INTERNAL, "corrupt directory row");
  out.version = in.position;
  return ok();
}

bool has_role(const v1::PrincipalRow& who, v1::Role role) {
  return std::find(who.roles().begin(), who.roles().end(), role) != who.roles().end();
}

}  // namespace

Result<std::shared_ptr<const Directory>> Directory::load(const store::Reads& reads,
                                                         uint64_t at_position) {
  TRY(const auto rows, store::read_directory(reads, at_position));
  auto directory = std::make_shared<Directory>();
  for (const auto& row : rows) TRY_DO(directory->add(row));
  directory->index();
  return std::shared_ptr<const Directory>(std::move(directory));
}

std::shared_ptr<const Directory> Directory::with(const Directory& in_force,
                                                 const v1::Directory& rows) {
  auto directory = std::make_shared<Directory>();
  directory->agencies_ = in_force.agencies_;
  directory->teams_ = in_force.teams_;
  directory->people_ = in_force.people_;
  directory->principals_ = in_force.principals_;
  directory->routes_ = in_force.routes_;
  directory->policy_ = in_force.policy_;
  directory->disclosure_ = in_force.disclosure_;
  directory->calendars_ = in_force.calendars_;
  directory->groups_ = in_force.groups_;
  directory->rotas_ = in_force.rotas_;
  directory->areas_ = in_force.areas_;
  directory->postcodes_ = in_force.postcodes_;
  directory->practices_ = in_force.practices_;
  store::TeamHandle handle = 0;
  for (const auto& [id, team] : directory->teams_) handle = std::max(handle, team.row.handle());
  for (const auto& row : rows.agencies()) directory->agencies_[row.id()].row = row;
  for (const auto& row : rows.teams()) {
    const v1::Team* known = in_force.team(row.id());
    v1::Team& team = directory->teams_[row.id()].row;
    team = row;
    team.set_handle(known == nullptr ? ++handle : known->handle());
  }
  for (const auto& row : rows.routes()) directory->routes_[row.id()].row = row;
  for (const auto& row : rows.calendars()) directory->calendars_[row.id()].row = row;
  for (const auto& row : rows.groups()) directory->groups_[row.id()].row = row;
  for (const auto& row : rows.areas()) directory->areas_[row.id()].row = row;
  for (const auto& row : rows.practices()) directory->practices_[row.id()].row = row;
  if (rows.has_postcodes()) directory->postcodes_.row = rows.postcodes();
  if (rows.has_policy()) directory->policy_.row = rows.policy();
  directory->index();
  return directory;
}

Status Directory::add(const store::DirectoryRow& row) {
  switch (row.type) {
    case store::RowType::kAgency:
      return parse_into(row, agencies_[row.id]);
    case store::RowType::kTeam:
      return parse_into(row, teams_[row.id]);
    case store::RowType::kPerson:
      return parse_into(row, people_[row.id]);
    case store::RowType::kPrincipal:
      return parse_into(row, principals_[row.id]);
    case store::RowType::kRoute:
      return parse_into(row, routes_[row.id]);
    case store::RowType::kPolicy:
      return parse_into(row, policy_);
    case store::RowType::kDisclosure:
      return parse_into(row, disclosure_);
    case store::RowType::kCalendar:
      return parse_into(row, calendars_[row.id]);
    case store::RowType::kGroup:
      return parse_into(row, groups_[row.id]);
    case store::RowType::kRota:
      return parse_into(row, rotas_[row.id]);
    case store::RowType::kArea:
      return parse_into(row, areas_[row.id]);
    case store::RowType::kPostcodes:
      return parse_into(row, postcodes_);
    case store::RowType::kPractice:
      return parse_into(row, practices_[row.id]);
  }
  return error(v1::CODE_INTERNAL, "unknown directory row type");
}

// Without a calendar of its own a team keeps England's bank holidays, once they are loaded.
static std::string_view calendar_of(const v1::Team& team) {
  return team.calendar().empty() ? std::string_view("england") : std::string_view(team.calendar());
}

void Directory::index() {
  policy_asks_ = asks_about(policy_.row);
  for (const auto& [id, team] : teams_) {
    by_handle_[team.row.handle()] = &team.row;
    staffing_.emplace(team.row.handle(), Staffing(team.row, calendar(calendar_of(team.row))));
  }
  for (const auto& row : postcodes_.row.rows()) area_by_prefix_[row.prefix()] = row.area();
  for (const auto& [id, principal] : principals_) {
    const auto& row = principal.row;
    auto& by_key = by_key_[row.public_key()];
    const bool revoked = key_state(row, {}) == KeyState::kRevoked;
    if (by_key == nullptr || !revoked) by_key = &row;
    if (revoked || !has_role(row, v1::ROLE_ENDPOINT)) continue;
    const Time end = key_end(row).value_or(Time{INT64_MAX});
    for (const auto& team : row.teams()) {
      Time& until = endpoint_until_[team];
      until = std::max(until, end);
    }
  }
  for (const auto& [id, route] : routes_) {
    if (route.row.disabled()) continue;
    const v1::Clause& clause = route.row.clause();
    switch (clause.by_case()) {
      case v1::Clause::kCaseload:
        caseload_[route.row.team()].push_back(&route);
        break;
      case v1::Clause::kArea:
        area_[clause.area()].push_back(&route);
        break;
      case v1::Clause::kPractice:
        practice_[clause.practice()].push_back(&route);
        break;
      case v1::Clause::kPlace:
        place_[clause.place()].push_back(&route);
        break;
      case v1::Clause::BY_NOT_SET:
        break;  // refused by change.cc
    }
  }
}

const v1::Agency* Directory::agency(std::string_view id) const { return find_row(agencies_, id); }
const v1::Team* Directory::team(std::string_view id) const { return find_row(teams_, id); }
const v1::Team* Directory::team(store::TeamHandle handle) const {
  const auto it = by_handle_.find(handle);
  return it == by_handle_.end() ? nullptr : it->second;
}
const v1::Person* Directory::person(std::string_view id) const { return find_row(people_, id); }
const v1::PrincipalRow* Directory::principal(std::string_view id) const {
  return find_row(principals_, id);
}
const v1::PrincipalRow* Directory::principal_by_key(std::string_view public_key) const {
  const auto it = by_key_.find(std::string(public_key));
  return it == by_key_.end() ? nullptr : it->second;
}
const Versioned<v1::Route>* Directory::route(std::string_view id) const {
  const auto it = routes_.find(id);
  return it == routes_.end() ? nullptr : &it->second;
}

const v1::Team* Directory::safety_net(std::string_view agency_id) const {
  const v1::Agency* row = agency(agency_id);
  return row == nullptr ? nullptr : team(row->safety_net_team());
}

bool Directory::has_administrator(Time now) const {
  return std::any_of(principals_.begin(), principals_.end(), [&](const auto& principal) {
    const auto& row = principal.second.row;
    return has_role(row, v1::ROLE_ADMINISTRATOR) && in_force(row, now);
  });
}
bool Directory::has_endpoint(const v1::Team& team, Time now) const {
  const auto until = endpoint_until_.find(team.id());
  return until != endpoint_until_.end() && now < until->second;
}

const v1::Calendar* Directory::calendar(std::string_view id) const {
  return find_row(calendars_, id);
}
const v1::Group* Directory::group(std::string_view id) const { return find_row(groups_, id); }
const v1::Rota* Directory::rota(std::string_view team) const { return find_row(rotas_, team); }
const v1::Area* Directory::area(std::string_view code) const { return find_row(areas_, code); }
const v1::Practice* Directory::practice(std::string_view ods) const {
  return find_row(practices_, ods);
}

const Staffing& Directory::staffing(const v1::Team& team) const {
  static const Staffing kAlways(v1::Team{}, nullptr);
  const auto it = staffing_.find(team.handle());
  return it == staffing_.end() ? kAlways : it->second;
}

std::vector<const v1::Group*> Directory::groups_of(std::string_view team) const {
  std::vector<const v1::Group*> of_team;
  for (const auto& [id, group] : groups_) {
    const auto& teams = group.row.teams();
    if (std::find(teams.begin(), teams.end(), team) != teams.end()) of_team.push_back(&group.row);
  }
  return of_team;
}

std::string_view Directory::area_of_postcode(std::string_view postcode) const {
  for (const std::string& prefix : postcode_prefixes(postcode)) {
    const auto it = area_by_prefix_.find(prefix);
    if (it != area_by_prefix_.end()) return it->second;
  }
  return {};
}

std::string_view Directory::open_practice(std::string_view ods, Day today) const {
  constexpr int kSuccessorsMax = 8;  // a circle was refused when it was applied, row by row
  for (int i = 0; i < kSuccessorsMax; ++i) {
    const v1::Practice* row = practice(ods);
    if (row == nullptr || row->successor().empty()) return ods;
    const auto closed = day_from_string(row->closed_on());
    if (!closed || today < *closed) return ods;
    ods = row->successor();
  }
  return ods;
}

const v1::Team* Directory::open_team(const v1::Team& named) const {
  constexpr int kClosedMax = 8;
  const v1::Team* closed = &named;
  for (int i = 0; i < kClosedMax && closed->closed(); ++i) {
    const v1::Team* next = nullptr;  // an open one, else the first that is there
    for (const v1::Team* other :
         {team(closed->deputy_team()), team(closed->spoc_team()), safety_net(closed->agency())}) {
      if (other == nullptr || (next != nullptr && (!next->closed() || other->closed()))) continue;
      next = other;
    }
    if (next == nullptr) return nullptr;
    closed = next;
  }
  return closed->closed() ? nullptr : closed;
}

const Directory::Routes& Directory::find(const RoutesByValue& routes, std::string_view value) {
  static const Routes kNone;
  const auto it = routes.find(value);
  return it == routes.end() ? kNone : it->second;
}
const Directory::Routes& Directory::by_area(std::string_view code) const {
  return find(area_, code);
}
const Directory::Routes& Directory::by_practice(std::string_view ods) const {
  return find(practice_, ods);
}
const Directory::Routes& Directory::by_place(std::string_view ods) const {
  return find(place_, ods);
}
const Directory::Routes& Directory::by_caseload(std::string_view team) const {
  return find(caseload_, team);
}

}  // namespace switchboard::core
