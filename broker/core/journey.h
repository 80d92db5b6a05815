// "Who was told, when, why, and who opened it": one event's whole story from the tables (P10).
//
// Pure reads; names no child. What people wrote as outcomes, and why an event was corrected, is
// opened with `seal`, and left out where that is null (operators). Thread: any, from a snapshot.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "broker/base/seal.h"
#include "broker/core/directory.h"
#include "broker/store/records.h"

namespace switchboard::core {

// CODE_NOT_FOUND if there is no event at the position.
Result<v1::Journey> journey(const store::Reads& reads, const Directory& directory,
                            const SealKey* seal, uint64_t position);
// One recipient's part of it: why it was told, and each step since.
Result<v1::JourneyRecipient> journey_of(const store::Reads& reads, const Directory& directory,
                                        const SealKey* seal,
                                        const std::vector<store::Cursor>& cursors,
                                        const v1::Recipient& recipient);
std::string_view words(v1::Disposition disposition);

}  // namespace switchboard::core
