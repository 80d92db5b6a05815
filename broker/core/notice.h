// The hub's own words on an entry of a log, and what of the event goes with it.
//
// disclose() is asked here, each time an entry is made for sending (P9). A withheld delivery
// becomes a placeholder that names neither child nor kind (P5). Pure. Thread: any.
#pragma once

#include "broker/core/directory.h"
#include "broker/store/entry.h"
#include "switchboard/v1/record.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::core {

// `state` may be null: the delivery is in its initial state.
v1::Notice delivery_notice(const Directory& directory, const v1::EventRecord& event,
                           uint64_t position, const v1::Recipient& recipient,
                           const v1::DeliveryRecord* state);
// `outcome`: the change's words, opened.
v1::Notice change_notice(const v1::ChangeRecord& change, const v1::EventRecord* event,
                         std::string outcome);
v1::Notice placeholder_notice(v1::PlaceholderReason reason, uint64_t position);

}  // namespace switchboard::core
