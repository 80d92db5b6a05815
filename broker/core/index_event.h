// The ways that lead to an event: from its child, its threads, its source message.
//
// Made from the event's record alone, so that rows a crash took before they were written are made
// again at the next start (adr/0010). Thread: the loop.
#pragma once

#include <string>

#include "broker/base/result.h"
#include "broker/core/newest_sources.h"
#include "broker/core/secrets.h"
#include "broker/store/journal.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

class Damage;

// Empty where the source gave no message id.
std::string source_hash(const Secrets& secrets, const v1::EventRecord& record);
// `source` is its source_hash().
void index_event(store::Journal& journal, const v1::EventRecord& record, uint64_t position,
                 std::string_view source);

struct Reindexing {
  uint64_t head = 0;  // the last position there is
  NewestSources& newest;
  Damage& damage;
};
// Indexes the events whose rows the last process had not written yet. One whose row is damaged is
// noted, and not found by index.
Status index_again(store::Journal& journal, const Secrets& secrets, const Reindexing& into);

}  // namespace switchboard::core
