// The audit chain: one block per commit, each bound to the one before (P10).
//
// head(n) = BLAKE2b-256(head(n-1), block bytes). A promise carries (epoch, position, head) and a
// MAC of the hub, so that partners' copies can witness against the hub. Pure but for reading
// blocks.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "broker/base/hash.h"
#include "broker/base/result.h"
#include "broker/kv/kv.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::store {

Hash chain(const Hash& previous, std::string_view block);

// Signs and checks promises with the hub's witness key.
v1::Promise make_promise(const HashKey& witness_key, uint64_t epoch, uint64_t position,
                         const Hash& head);
bool verify_promise(const HashKey& witness_key, const v1::Promise& promise);

// Visits blocks from `first_position` on, with the head after each. Stops early when visit returns
// false. CODE_INTERNAL if a block cannot be read.
Status for_each_block(
    const kv::Reads& reads, uint64_t first_position,
    const std::function<bool(const v1::AuditBlock&, std::string_view bytes)>& visit);

}  // namespace switchboard::store
