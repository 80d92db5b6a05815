// Free space, and the ballast: a file of really allocated blocks, given up in an emergency so that
// there is room to finish what was begun and to clean up.
//
// Thread: any. Fails: Result with the folder's name and the system's reason.
#pragma once

#include <cstdint>
#include <string>

#include "broker/base/result.h"

namespace switchboard {

// Bytes an ordinary process may still write to the file system of `folder`.
Result<uint64_t> free_bytes(const std::string& folder);

// Makes or resizes `path` to `size_bytes`, allocated and synced. Already so: does nothing.
// CODE_DISK_LOW: no room for it and for `beside_bytes` that stay free; nothing is left behind.
Status create_ballast(const std::string& path, uint64_t size_bytes, uint64_t beside_bytes = 0);
// Gives the blocks back. No such file: success.
Status release_ballast(const std::string& path);

}  // namespace switchboard
