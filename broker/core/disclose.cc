#include "broker/core/disclose.h"

#include <algorithm>

namespace switchboard::core {
namespace {

bool any_or_has(const auto& list, const std::string& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

Disclosed by_matrix(const v1::DisclosureMatrix& matrix, const std::string& kind,
                    const v1::Team& team) {
  for (const auto& row : matrix.rows()) {
    if (any_or_has(row.kinds(), kind) && any_or_has(row.team_kinds(), team.kind()) &&
        any_or_has(row.agencies(), team.agency())) {
      return {row.disclosure(), row.reason()};
    }
  }
  return {v1::DISCLOSURE_SUMMARY, "default"};
}

}  // namespace

Disclosed disclose(const Directory& directory, const v1::EventRecord& event,
                   const v1::Recipient& recipient) {
  const v1::Team* team = directory.team(recipient.team());
  if (team == nullptr) return {v1::DISCLOSURE_WITHHELD, "the team is not in the directory"};
  Disclosed shown = team->agency() == event.agency()
                        ? Disclosed{v1::DISCLOSURE_FULL, "own event"}
                        : by_matrix(directory.disclosure().row, event.kind(), *team);
  // Levels are ordered from most to least: the ceiling can only take away.
  if (recipient.limit() != v1::DISCLOSURE_UNSPECIFIED && recipient.limit() > shown.level) {
    shown = {recipient.limit(), "limited when the recipient was added"};
  }
  return shown;
}

const std::vector<v1::SectionKind>& sections_of(v1::Disclosure level,
                                                const v1::EventRecord& event) {
  static const std::vector<v1::SectionKind> kFull = {
      v1::SECTION_KIND_HEADER, v1::SECTION_KIND_IDENTITY, v1::SECTION_KIND_SUMMARY,
      v1::SECTION_KIND_DETAIL, v1::SECTION_KIND_LOCATION};
  static const std::vector<v1::SectionKind> kProtected = {
      v1::SECTION_KIND_HEADER, v1::SECTION_KIND_IDENTITY, v1::SECTION_KIND_SUMMARY,
      v1::SECTION_KIND_DETAIL};
  static const std::vector<v1::SectionKind> kSummary = {
      v1::SECTION_KIND_HEADER, v1::SECTION_KIND_IDENTITY, v1::SECTION_KIND_SUMMARY};
  static const std::vector<v1::SectionKind> kNothing = {};
  if (level == v1::DISCLOSURE_FULL) return event.protected_address() ? kProtected : kFull;
  if (level == v1::DISCLOSURE_SUMMARY) return kSummary;
  return kNothing;
}

}  // namespace switchboard::core
