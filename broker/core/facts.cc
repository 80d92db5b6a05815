#include "broker/core/facts.h"

#include "broker/core/subject.h"
#include "broker/store/member_rows.h"

namespace switchboard::core {

std::vector<std::string> identifier_hashes(const Secrets& secrets, const v1::EventHeader& header,
                                           const v1::Identity& identity) {
  std::vector<std::string> hashes;
  for (const auto& id : identity.identifiers()) {
    auto hash = identifier_hash(secrets, id, header.agency(), header.system());
    if (!hash.empty()) hashes.push_back(std::move(hash));
  }
  return hashes;
}

static void add_other_lists(const std::vector<store::ListId>& lists, Facts& f) {
  for (const auto& list : lists) {
    if (list.list == v1::MEMBER_LIST_ENQUIRY) {
      f.enquiries.push_back(list.team);
    } else {
      f.open_plan = true;
    }
  }
}

Facts facts_of(const store::Reads& reads, store::Journal* journal, const v1::EventHeader& header,
               const v1::Identity& identity, const std::vector<std::string>& identifier_hashes,
               Time now) {
  Facts f;
  f.kind = header.kind();
  f.agency = header.agency();
  f.system = header.system();
  f.urgency = header.urgency();
  f.environment = header.environment();
  f.area = header.subject().area_code();
  f.practice = header.subject().registered_practice();
  f.place = header.subject().place_of_care();
  f.age_months = age_in_months(identity.birth_date(), now);
  f.open_plan = header.subject().open_plan();
  f.unborn = header.subject().type() == v1::SUBJECT_TYPE_UNBORN;
  for (const auto& hash : identifier_hashes) {
    for (const auto team : store::caseload_teams(reads, journal, hash)) f.caseloads.push_back(team);
    add_other_lists(store::other_lists(reads, journal, hash), f);
  }
  f.direct_to.assign(header.direct_to().begin(), header.direct_to().end());
  const auto& audience = header.audience();
  f.only_team_kinds.assign(audience.only_team_kinds().begin(), audience.only_team_kinds().end());
  f.never_agencies.assign(audience.never_agencies().begin(), audience.never_agencies().end());
  f.only_agencies.assign(audience.only_agencies().begin(), audience.only_agencies().end());
  return f;
}

void complete_facts(const Directory& directory, std::string_view postcode, Time now, Facts& facts) {
  if (facts.area.empty()) {
    facts.area = directory.area_of_postcode(postcode);
    if (!facts.area.empty()) facts.postcode_edition = directory.postcodes().row.edition();
  }
  const std::string_view open = directory.open_practice(facts.practice, london_day(now));
  if (open != facts.practice) facts.practice_successor = open;
}

}  // namespace switchboard::core
