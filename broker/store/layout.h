// How the hub's rows lie on its disk, and which layout a store has.
//
// Owns: nothing. Pure but for the check. STORAGE.md prints all of it.
#pragma once

#include <span>

#include "broker/base/result.h"
#include "broker/kv/packed_kv.h"

namespace switchboard::store {

inline constexpr uint32_t kFormat = 3;

// For kv::PackedKv: which families lie in pages, and where a page ends.
std::span<const kv::Packing> packing();

// CODE_UNSUPPORTED_VERSION for a store that another version of the hub wrote. Look before reading.
Status check_format(const kv::Reads& reads);
// The same; a store with nothing in it gets its format row, durably.
Status check_or_make_format(kv::Kv& kv);

}  // namespace switchboard::store
