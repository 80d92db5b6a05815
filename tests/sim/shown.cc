#include "tests/sim/shown.h"

#include <algorithm>

#include "broker/base/london.h"
#include "broker/store/records.h"

namespace switchboard::sim {
namespace {

bool names(const auto& list, const std::string& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

// How much of an event a team may see today, whatever its recipient row says.
v1::Disclosure most(const support::HubCore& hub, const v1::Team& team,
                    const v1::EventRecord& event) {
  if (team.agency() == event.agency()) return v1::DISCLOSURE_FULL;
  for (const auto& row : hub.core().directory()->disclosure().row.rows()) {
    const bool meant = names(row.kinds(), event.kind()) && names(row.team_kinds(), team.kind()) &&
                       names(row.agencies(), team.agency());
    if (meant) return row.disclosure();
  }
  return v1::DISCLOSURE_SUMMARY;
}

bool allows(v1::Disclosure level, v1::SectionKind kind) {
  if (kind == v1::SECTION_KIND_SOURCE) return false;
  if (level == v1::DISCLOSURE_FULL) return true;
  const bool brief = kind == v1::SECTION_KIND_HEADER || kind == v1::SECTION_KIND_IDENTITY ||
                     kind == v1::SECTION_KIND_SUMMARY;
  return level == v1::DISCLOSURE_SUMMARY && brief;
}

}  // namespace

std::vector<std::string> shown_too_much(const support::HubCore& hub, const std::string& member,
                                        const v1::Deliver& frame) {
  std::vector<std::string> broken;
  const v1::PrincipalRow& who = hub.who(member);
  if (who.revoked()) broken.push_back(member + " is revoked and was sent entries");
  const std::string today = to_string(london_day(hub.now));  // ISO, as the last day is
  if (!who.expires().empty() && who.expires() < today) {
    broken.push_back(member + " holds an expired key and was sent entries");
  }
  const auto& teams = who.teams();
  if (std::find(teams.begin(), teams.end(), frame.team()) == teams.end()) {
    broken.push_back(member + " was sent the log of " + frame.team());
    return broken;
  }
  const v1::Team& team = hub.team(frame.team());
  for (const auto& entry : frame.items()) {
    if (entry.sections().empty()) continue;
    const auto event = store::read_event(hub.kv(), entry.notice().position()).value();
    if (!event) continue;
    const auto level = most(hub, team, *event);
    for (const auto& section : entry.sections()) {
      if (allows(level, section.kind())) continue;
      broken.push_back(team.id() + " was shown more than it may of position " +
                       std::to_string(entry.notice().position()));
    }
  }
  return broken;
}

}  // namespace switchboard::sim
