// Agencies, teams, people, principals, routes, policy, disclosure, calendars, groups, rotas, areas
// and practices as they stood at one position.
//
// Immutable once built: a change makes a new one, so readers keep theirs and a match can be re-run
// at the position it was made (P3). Routes are indexed by clause: finding matches costs what
// matches, not what exists. Not here: caseload membership (index rows), changes (change.h).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/base/result.h"
#include "broker/core/attention.h"
#include "broker/core/staffing.h"
#include "broker/store/rows.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::core {

template <typename Row>
struct Versioned {
  Row row;
  uint64_t version = 0;  // position of the change that wrote it
};

class Directory {
 public:
  static constexpr uint64_t kNow = ~uint64_t{0};
  static Result<std::shared_ptr<const Directory>> load(const store::Reads& reads,
                                                       uint64_t at_position = kNow);
  // As it would be with these rows, which are not checked; for estimates. New teams have handles
  // that are good in it only.
  static std::shared_ptr<const Directory> with(const Directory& in_force,
                                               const v1::Directory& rows);

  // Null where there is no such row.
  const v1::Agency* agency(std::string_view id) const;
  const v1::Team* team(std::string_view id) const;
  const v1::Team* team(store::TeamHandle handle) const;
  const v1::Person* person(std::string_view id) const;
  const v1::PrincipalRow* principal(std::string_view id) const;
  // Enrolled, which is not yet taken: ask in_force.h, or Core::principal(). Of several rows with
  // the key one that is not revoked.
  const v1::PrincipalRow* principal_by_key(std::string_view public_key) const;
  const Versioned<v1::Route>* route(std::string_view id) const;
  const Versioned<v1::Policy>& policy() const { return policy_; }
  // What the policy in force asks about at all.
  const PolicyAsks& policy_asks() const { return policy_asks_; }
  const Versioned<v1::DisclosureMatrix>& disclosure() const { return disclosure_; }
  // The team told when an event of this agency reaches nobody; null if none is named.
  const v1::Team* safety_net(std::string_view agency) const;
  // One whose key is taken at that time (in_force.h).
  bool has_administrator(Time now) const;

  const v1::Calendar* calendar(std::string_view id) const;
  const v1::Group* group(std::string_view id) const;
  // Of the team; null if none is kept.
  const v1::Rota* rota(std::string_view team) const;
  const v1::Area* area(std::string_view code) const;
  const v1::Practice* practice(std::string_view ods) const;
  const Versioned<v1::PostcodeTable>& postcodes() const { return postcodes_; }
  // When the team is staffed, by its hours and its calendar.
  const Staffing& staffing(const v1::Team& team) const;
  // Some connection is enrolled to read what the team is told, by a key that is taken at that time:
  // a machine can have it.
  bool has_endpoint(const v1::Team& team, Time now) const;
  // Groups the team belongs to, by id.
  std::vector<const v1::Group*> groups_of(std::string_view team) const;
  // The area of a postcode by the longest prefix of the table; empty if none matches.
  std::string_view area_of_postcode(std::string_view postcode) const;
  // A practice that is closed by that day leads to its successor; the code itself where it is not
  // known.
  std::string_view open_practice(std::string_view ods, Day today) const;
  // Who takes what is new for the team: itself; if it is closed its deputy, else its single point
  // of contact, else its agency's safety net. Null: nobody of them is open.
  const v1::Team* open_team(const v1::Team& named) const;

  using Routes = std::vector<const Versioned<v1::Route>*>;
  // Routes whose clause names this value; empty vector if none. Sorted by id.
  const Routes& by_area(std::string_view code) const;
  const Routes& by_practice(std::string_view ods) const;
  const Routes& by_place(std::string_view ods) const;
  const Routes& by_caseload(std::string_view team) const;

  // Everything, ordered by id, for listings and diffs.
  const std::map<std::string, Versioned<v1::Agency>, std::less<>>& agencies() const {
    return agencies_;
  }
  const std::map<std::string, Versioned<v1::Team>, std::less<>>& teams() const { return teams_; }
  const std::map<std::string, Versioned<v1::Person>, std::less<>>& people() const {
    return people_;
  }
  const std::map<std::string, Versioned<v1::PrincipalRow>, std::less<>>& principals() const {
    return principals_;
  }
  const std::map<std::string, Versioned<v1::Route>, std::less<>>& routes() const { return routes_; }
  const std::map<std::string, Versioned<v1::Calendar>, std::less<>>& calendars() const {
    return calendars_;
  }
  const std::map<std::string, Versioned<v1::Group>, std::less<>>& groups() const { return groups_; }
  const std::map<std::string, Versioned<v1::Rota>, std::less<>>& rotas() const { return rotas_; }
  const std::map<std::string, Versioned<v1::Area>, std::less<>>& areas() const { return areas_; }
  const std::map<std::string, Versioned<v1::Practice>, std::less<>>& practices() const {
    return practices_;
  }

 private:
  template <typename Row>
  using ById = std::map<std::string, Versioned<Row>, std::less<>>;
  using RoutesByValue = std::map<std::string, Routes, std::less<>>;

  Status add(const store::DirectoryRow& row);
  void index();
  static const Routes& find(const RoutesByValue& routes, std::string_view value);

  ById<v1::Agency> agencies_;
  ById<v1::Team> teams_;
  ById<v1::Person> people_;
  ById<v1::PrincipalRow> principals_;
  ById<v1::Route> routes_;
  ById<v1::Calendar> calendars_;
  ById<v1::Group> groups_;
  ById<v1::Rota> rotas_;
  ById<v1::Area> areas_;
  ById<v1::Practice> practices_;
  Versioned<v1::Policy> policy_;
  PolicyAsks policy_asks_;
  Versioned<v1::DisclosureMatrix> disclosure_;
  Versioned<v1::PostcodeTable> postcodes_;
  std::unordered_map<std::string, std::string_view> area_by_prefix_;
  std::unordered_map<std::string_view, Time> endpoint_until_;  // by team: its last key's end
  std::unordered_map<store::TeamHandle, Staffing> staffing_;
  std::unordered_map<store::TeamHandle, const v1::Team*> by_handle_;
  std::unordered_map<std::string, const v1::PrincipalRow*> by_key_;
  RoutesByValue area_, practice_, place_, caseload_;
};

}  // namespace switchboard::core
