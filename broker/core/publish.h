// One item from one publisher: admit, dedupe, subject, route, number, attention, deadlines, audit.
//
// Everything it decides goes into the turn's one batch (P1-P3). Answers are made here and sent by
// the shell after the sync. Thread: the loop.
#pragma once

#include "broker/core/admission.h"
#include "broker/core/circumstances.h"
#include "broker/core/route.h"
#include "broker/core/turn.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::core {

struct Answer {
  v1::Code code = v1::CODE_OK;  // OK, DUPLICATE, QUARANTINED, or a refusal
  uint64_t position = 0;
  std::string text;
};
// Memory that is used again from item to item.
struct Scratch {
  Admitted admitted;
  store::PayloadRoom payload;
  std::string row;
  store::key::AgencyCut agency;
};
// The item's bytes must outlive the turn.
Answer publish(Turn& turn, const v1::PrincipalRow& who, const ItemView& item, Scratch& scratch);

// Who would get this item under this directory, without writing anything (`route test`).
struct RouteTrial {
  Admitted admitted;
  v1::Disposition disposition = v1::DISPOSITION_UNSPECIFIED;
  Circumstances circumstances;  // views of `admitted`; what the store knows is left out
  std::vector<Match> matches;
  std::vector<Explanation> routes;
};
RouteTrial try_routes(const store::Reads& reads, const Directory& directory, const Secrets& secrets,
                      const v1::PrincipalRow& who, const v1::Item& item, Time now);

}  // namespace switchboard::core
