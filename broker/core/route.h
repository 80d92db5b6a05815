// Who has a reason to know: facts of an event against the routes of a directory version.
//
// Pure over Directory and facts, so the same match can be re-run at any position (P3). Each team
// gets one delivery, by the first route in id order; the facts that matched are kept in words that
// name no child. Thread: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/directory.h"
#include "switchboard/v1/event.pb.h"

namespace switchboard::core {

struct Facts {
  std::string_view kind;
  std::string_view agency;
  std::string_view system;
  v1::Urgency urgency = v1::URGENCY_UNSPECIFIED;
  v1::Environment environment = v1::ENVIRONMENT_UNSPECIFIED;
  std::string_view area;
  std::string_view postcode_edition;  // the table by which the area was found; empty: it was said
  std::string_view practice;
  std::string_view practice_successor;  // the practice is closed: who has its children now
  std::string_view place;
  std::optional<int> age_months;  // nothing: not known, then age does not exclude
  bool unborn = false;
  std::vector<store::TeamHandle> caseloads;  // teams that have this child
  std::vector<store::TeamHandle> enquiries;  // teams with an enquiry that runs
  bool open_plan = false;                    // the source says so, or a list of open plans
  std::vector<std::string_view> direct_to;
  std::vector<std::string_view> only_team_kinds;  // the sender's limits
  std::vector<std::string_view> never_agencies;
  std::vector<std::string_view> only_agencies;
};

struct Match {
  const v1::Team* team = nullptr;
  v1::Cause cause = v1::CAUSE_ROUTE;
  std::string_view route;  // id, which lies in the directory, or a literal like "direct"
  uint64_t rule_version = 0;
  std::string facts;  // e.g. "area X06000001, age 0-59 months"
};
// Teams in order of id, each once. A closed team is told nothing new: who takes it for the team is.
std::vector<Match> match(const Directory& directory, const Facts& facts);

// The sender's limits and the environment allow it.
bool may_be_told(const v1::Team& team, const Facts& facts);

struct Explanation {
  std::string team;
  std::string route;
  bool matches = false;
  std::string why;
};
// "area X06000001 by postcode table ONSPD 2026-08"; empty where the area is not known.
std::string area_words(const Facts& facts);
// Every route of the directory, with the first reason why it matches or does not.
std::vector<Explanation> explain(const Directory& directory, const Facts& facts);

// The sender's limits, for whoever is told later.
bool audience_permits(const v1::Audience& audience, const v1::Team& team);

// Whole months between an ISO date and a time; nothing if the text is not a date.
std::optional<int> age_in_months(std::string_view birth_date, Time at);

}  // namespace switchboard::core
