// Everything a sandbox is made of, written once into a folder of its own.
//
// Owns: which files there are. Keys are made here and nowhere else, in files of mode 0600.
// Thread: any. Fails: CODE_CONFLICT where something is there already (nothing is overwritten);
// CODE_INTERNAL with the system's reason.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "broker/base/result.h"
#include "broker/base/time.h"

namespace switchboard::cli {

struct SandboxMade {
  std::vector<std::string> files;  // relative, in the order they are worth reading
};

Result<SandboxMade> init_sandbox(const std::filesystem::path& folder, Time now);

// The connection file: identities of every key, and where the hub is ("" = not running).
std::string sandbox_connection(const std::string& hub_public_key, const std::string& client,
                               const std::string& admin);
// Whole or not at all: written beside and renamed.
Status write_file(const std::filesystem::path& file, const std::string& text,
                  std::filesystem::perms mode);

}  // namespace switchboard::cli
