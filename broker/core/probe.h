// The end-to-end probe: an event that asks nobody for anything and shows that the way to a team is
// whole, from the source through the hub to what the team's system has stored.
//
// Owns: whom a probe is told to, and which teams have one that is not proven yet. It is filed by
// the teams it names, of either environment as it is flagged test, and told to nobody else: no
// route, no clock, no safety net, no ledger. Not here: when silence is an alarm (watch.h). Thread:
// the loop.
#pragma once

#include <set>
#include <vector>

#include "broker/core/turn.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::core {

inline constexpr std::string_view kProbeKind = "probe";
inline bool is_probe(const v1::EventHeader& header) { return header.kind() == kProbeKind; }

// The field that a probe lacks or may not have, or nothing.
std::string missing_in_probe(const v1::EventHeader& header);
// P9: a key enrolled for test reaches teams enrolled for test only.
std::vector<v1::Recipient> probe_recipients(const Turn& turn, const v1::PrincipalRow& who,
                                            const v1::EventHeader& header);

class Probes {
 public:
  Status load(const store::Reads& reads);
  // This probe was accepted at `position`: one row per team.
  void sent(store::Journal& journal, const v1::EventRecord& event, uint64_t position);
  // An endpoint of the team has stored its inbox up to this number.
  void received(store::Journal& journal, store::TeamHandle team, uint64_t through, Time now);

 private:
  std::set<store::TeamHandle> unproven_;  // teams with a probe that no endpoint has stored yet
};

}  // namespace switchboard::core
