// What routing goes by: the facts of one event, taken from its header, its identity and the
// caseloads as they are now. Not here: matching them (route.h). Pure.
#pragma once

#include "broker/core/route.h"
#include "broker/core/secrets.h"
#include "broker/store/rows.h"
#include "switchboard/v1/event.pb.h"

namespace switchboard::core {

// Hashes of the identifiers that are looked up; those that are kept and not matched are left out.
std::vector<std::string> identifier_hashes(const Secrets& secrets, const v1::EventHeader& header,
                                           const v1::Identity& identity);
// `journal` is null where the reads are a snapshot's.
Facts facts_of(const store::Reads& reads, store::Journal* journal, const v1::EventHeader& header,
               const v1::Identity& identity, const std::vector<std::string>& identifier_hashes,
               Time now);
// What the directory adds: the area of a postcode where the event names none, by the table in
// force, and the successor of a practice that is closed. The facts say which; not the postcode.
void complete_facts(const Directory& directory, std::string_view postcode, Time now, Facts& facts);

}  // namespace switchboard::core
