// CURVE key pairs as Z85 text (40 characters), the only form on disk and in the directory.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "broker/base/result.h"

namespace switchboard::wire {

struct KeyPair {
  std::string public_key;  // Z85, 40 characters
  std::string secret_key;  // Z85, 40 characters
};

KeyPair make_key_pair();
// Secret keys live in files of mode 0600; a file others can read is refused (CODE_NOT_ALLOWED), as
// is one of another owner but root.
Result<KeyPair> load_key_pair(const std::filesystem::path& secret_key_file);
// Whole and synced, or not at all. Never over a file that is there (CODE_CONFLICT): a lost key
// locks every peer out.
Status save_secret_key(const std::filesystem::path& file, std::string_view secret_key);
bool is_public_key(std::string_view z85);

}  // namespace switchboard::wire
