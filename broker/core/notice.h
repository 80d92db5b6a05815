// The hub's own words on an entry of a log, and what of the event goes with it.
//
// disclose() is asked here, each time an entry is made for sending (P9). A withheld delivery
// becomes a placeholder that names neither child nor kind (P5). Pure. Thread: any.
#pragma once

#include "broker/core/directory.h"
#include "broker/core/secrets.h"
#include "broker/store/entry.h"
#include "switchboard/v1/record.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::core {

// `state` may be null: the delivery is in its initial state.
v1::Notice delivery_notice(const Directory& directory, const Secrets& secrets,
                           const v1::EventRecord& event, uint64_t position,
                           const v1::Recipient& recipient, const v1::DeliveryRecord* state);
// A change as a log has it.
struct ChangeEntry {
  store::LogId log;
  const v1::ChangeRecord& change;
  const v1::EventRecord* event = nullptr;  // null: not found
  // Whom the change is about, in an inbox; null: not found, or the log is what the team sent.
  const v1::Recipient* recipient = nullptr;
  std::string outcome;                  // the change's words, opened
  std::vector<std::string> digest_ids;  // event ids of a digest's lines
};
v1::Notice change_notice(const Directory& directory, const Secrets& secrets, ChangeEntry entry);
v1::Notice placeholder_notice(v1::PlaceholderReason reason, uint64_t position);
// A team told by one of these has the hub's own words on why, in Notice.outcome: what was missed,
// who said that it is not theirs, who hands it over.
bool says_why(v1::Cause cause);
// Why a correction was sent, from its header's bytes; empty if it does not say. P7: for all who are
// told of the correction, so at any disclosure that is not withheld.
std::string correction_reason(std::string_view header);

}  // namespace switchboard::core
