#include "tests/scenario/world.h"

#include <map>

#include "tests/scenario/words.h"
#include "tests/support/builders.h"
#include "tests/support/directory.h"

namespace switchboard::scenario {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (size_t from = 0; from < text.size();) {
    const size_t to = std::min(text.find(at, from), text.size());
    parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

uint32_t seconds_of(const std::string& text) {
  return static_cast<uint32_t>(duration(text).us / 1'000'000);
}

const std::map<std::string, v1::EscalationTo> kTell{{"deputy", v1::ESCALATION_TO_DEPUTY},
                                                    {"spoc", v1::ESCALATION_TO_SPOC},
                                                    {"edt", v1::ESCALATION_TO_EDT},
                                                    {"safety-net", v1::ESCALATION_TO_SAFETY_NET},
                                                    {"sender", v1::ESCALATION_TO_SENDER}};
const std::map<std::string, v1::Context> kContexts{{"open-plan", v1::CONTEXT_OPEN_PLAN},
                                                   {"under-1", v1::CONTEXT_UNDER_1},
                                                   {"unborn", v1::CONTEXT_UNBORN},
                                                   {"provisional", v1::CONTEXT_PROVISIONAL},
                                                   {"out-of-hours", v1::CONTEXT_OUT_OF_HOURS}};

// "deputy,30m:spoc+sender,1h:safety-net"
void add_levels(const std::string& text, v1::ClockKind clock, v1::PolicyRow& row) {
  for (const auto& part : split(text, ',')) {
    v1::EscalationLevel& level = *row.add_levels();
    const size_t colon = part.find(':');
    if (colon != std::string::npos) level.set_after_s(seconds_of(part.substr(0, colon)));
    level.set_clock(clock);
    const std::string tell = colon == std::string::npos ? part : part.substr(colon + 1);
    for (const auto& to : split(tell, '+')) level.add_tell(kTell.at(to));
  }
}

v1::PolicyRow row_of(const Command& c) {
  v1::PolicyRow row;
  row.set_id(c.value("row"));
  for (const auto& kind : split(c.value("kinds"), ',')) row.add_kinds(kind);
  for (const auto& kind : split(c.value("team-kinds"), ',')) row.add_team_kinds(kind);
  for (const auto& context : split(c.value("contexts"), ',')) {
    row.add_contexts(kContexts.at(context));
  }
  const auto clock =
      c.value("clock") == "working" ? v1::CLOCK_KIND_WORKING : v1::CLOCK_KIND_ELAPSED;
  row.set_clock(clock);
  row.set_attention(c.value_or("attention", "act") == "see" ? v1::ATTENTION_SEE
                                                            : v1::ATTENTION_ACT);
  if (c.has("urgency")) row.set_least_urgency(urgency(c.value("urgency")));
  if (c.has("within")) row.set_acknowledge_within_s(seconds_of(c.value("within")));
  if (c.has("receive")) row.set_receive_within_s(seconds_of(c.value("receive")));
  if (c.has("action")) row.set_action_within_s(seconds_of(c.value("action")));
  if (c.has("events")) row.set_events_in_30_days(seconds_of(c.value("events") + "s"));
  if (c.has("escalation")) row.add_causes(v1::CAUSE_ESCALATION);
  add_levels(c.value("levels"), clock, row);
  return row;
}

// Before all other rows, and instead of one of the same name.
void set_row(const Command& c, v1::Policy& policy) {
  v1::Policy before = policy;
  policy.clear_rows();
  *policy.add_rows() = row_of(c);
  for (const auto& row : before.rows()) {
    if (row.id() != c.value("row")) *policy.add_rows() = row;
  }
}

v1::Team& team_row(const core::Directory& in_force, const std::string& id, v1::Directory& rows) {
  v1::Team& team = *rows.add_teams();
  team = *in_force.team(id);
  return team;
}

void set_hours(const Command& c, v1::Team& team) {
  v1::Hours& hours = *team.add_hours();
  const int last = c.value_or("days", "mon-fri") == "all" ? 7 : 5;
  for (int day = 1; day <= last; ++day) hours.add_days(static_cast<v1::Weekday>(day));
  hours.set_from(c.value("from"));
  hours.set_to(c.value("to"));
}

v1::Practice practice_of(const Command& c) {
  v1::Practice row;
  row.set_id(c.word(1));
  row.set_closed_on(c.value("closed"));
  row.set_successor(c.value("successor"));
  return row;
}

// Words PREFIX:AREA after "postcodes".
v1::PostcodeTable postcodes_of(const Command& c) {
  v1::PostcodeTable table;
  table.set_edition(spaced(c.value("edition")));
  for (size_t i = 1; i < c.words.size(); ++i) {
    const size_t colon = c.words[i].find(':');
    v1::PostcodePrefix& row = *table.add_rows();
    row.set_prefix(c.words[i].substr(0, colon));
    row.set_area(c.words[i].substr(colon + 1));
  }
  return table;
}

// It has an address for mail, and is staffed each day from nine until then.
void set_nudge(const Command& c, v1::Team& team) {
  v1::NudgeAddress& to = *team.add_nudges();
  to.set_via(v1::NUDGE_VIA_MAIL);
  to.set_address("duty@team.example");
  if (!c.has("until")) return;
  v1::Hours& hours = *team.add_hours();
  for (int day = 1; day <= 7; ++day) hours.add_days(static_cast<v1::Weekday>(day));
  hours.set_from("09:00");
  hours.set_to(c.value("until"));
}

void add_area(const Command& c, v1::Directory& rows) {
  v1::Area& area = *rows.add_areas();
  area.set_id(c.value("area-row"));
  area.set_name("Westmere");
  area.mutable_office()->set_phone("0123 496 0900");
  area.mutable_out_of_hours()->set_phone("0123 496 0901");
}

// How long a source is quiet by day and by night before it is an alarm.
void add_norm(const core::Directory& in_force, const Command& c, v1::Directory& rows) {
  v1::PrincipalRow& row = *rows.add_principals();
  row = *in_force.principal(c.value("norm"));
  row.set_quiet_after_s(seconds_of(c.value("day")));
  row.set_quiet_after_night_s(seconds_of(c.value("night")));
}

void add_team_change(const core::Directory& in_force, const Command& c, v1::Directory& rows) {
  if (c.has("hours")) set_hours(c, team_row(in_force, c.value("hours"), rows));
  if (c.has("phone")) {
    v1::Team& team = team_row(in_force, c.value("phone"), rows);
    team.set_reach(v1::REACH_PHONE);
    team.set_last_verified("2026-03-01");
  }
  if (c.has("lead")) team_row(in_force, c.word(0), rows).set_named_lead(c.value("lead"));
  if (c.has("nudge")) set_nudge(c, team_row(in_force, c.value("nudge"), rows));
  if (c.has("stand-in")) {
    v1::Team& team = team_row(in_force, c.value("stand-in"), rows);
    if (c.has("deputy")) team.set_deputy_team(c.value("deputy"));
    if (c.has("spoc")) team.set_spoc_team(c.value("spoc"));
    if (c.has("edt")) team.set_edt_team(c.value("edt"));
  }
  if (!c.has("keyless")) return;
  for (const auto& [id, row] : in_force.principals()) {
    if (row.row.teams().empty() || row.row.teams(0) != c.value("keyless")) continue;
    *rows.add_principals() = row.row;
    rows.mutable_principals(0)->set_revoked(true);
  }
}

void add_member(const Command& c, v1::Directory& rows) {
  v1::CaseloadMember& member = *rows.add_caseload();
  member.set_team(c.value("caseload"));
  *member.mutable_identifier() = support::nhs_identifier(
      support::nhs_number(static_cast<unsigned>(std::stoul(c.value("child")))));
}

}  // namespace

v1::Directory rows_of(const core::Directory& in_force, const Command& c) {
  v1::Directory rows;
  if (c.has("area") || c.has("practice")) {
    v1::Route& route = *rows.add_routes();
    route = support::area_route(c.word(0), c.value("team"), c.value("area"));
    if (c.has("practice")) route.mutable_clause()->set_practice(c.value("practice"));
  }
  if (c.word(0) == "practice") *rows.add_practices() = practice_of(c);
  if (c.has("edition")) *rows.mutable_postcodes() = postcodes_of(c);
  if (c.word(0) == "close") team_row(in_force, c.word(1), rows).set_closed(true);
  if (c.has("caseload")) add_member(c, rows);
  if (c.has("holiday")) {
    v1::Calendar& calendar = *rows.add_calendars();
    calendar.set_id("england");
    calendar.add_days()->set_date(c.value("holiday"));
  }
  if (c.has("group")) {
    v1::Group& group = *rows.add_groups();
    group.set_id(c.value("group"));
    for (const auto& team : split(c.value("teams"), ',')) group.add_teams(team);
  }
  if (c.has("row") || c.has("storm")) *rows.mutable_policy() = in_force.policy().row;
  if (c.has("row")) set_row(c, *rows.mutable_policy());
  if (c.has("storm")) rows.mutable_policy()->set_storm_from(seconds_of(c.value("storm") + "s"));
  if (c.has("key-event")) {
    *rows.mutable_policy() = in_force.policy().row;
    rows.mutable_policy()->add_key_events()->set_kind(c.value("key-event"));
  }
  if (c.has("prompt")) {
    *rows.mutable_policy() = in_force.policy().row;
    rows.mutable_policy()->add_handover_prompts(spaced(c.value("prompt")));
  }
  if (c.has("area-row")) add_area(c, rows);
  if (c.has("norm")) add_norm(in_force, c, rows);
  add_team_change(in_force, c, rows);
  return rows;
}

}  // namespace switchboard::scenario
