// The key that seals what a client keeps at rest: 32 random bytes in a file of mode 0600.
//
// Losing it loses the outbox, so it belongs in the backup of secrets, not beside the outbox.
// Fails: CODE_NOT_ALLOWED if others may read the file, CODE_INVALID if it is not a key.
#pragma once

#include <filesystem>

#include "broker/base/result.h"
#include "broker/base/seal.h"

namespace switchboard::sdk {

// Made, durable before it is returned, where there is none.
Result<SealKey> load_or_make_client_key(const std::filesystem::path& file);

}  // namespace switchboard::sdk
