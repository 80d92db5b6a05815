// Reads a commented TOML mapping file (deploy/config/mapping-example.toml shows every key).
//
// A key that is not known is an error, as is a value that makes no sense; each error names file,
// line and column. Thread: any. Fails: Result with all errors found, one a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/mllp/mapping.h"
#include "broker/base/result.h"

namespace switchboard::mllp {

Result<Mapping> parse_mapping(std::string_view toml, const std::string& file_name);
Result<Mapping> load_mapping(const std::string& path);
Result<std::string> read_mapping_text(const std::string& path);
// Keys that the file does not have, "[table] key": they keep their defaults.
Result<std::vector<std::string>> absent_keys(std::string_view toml, const std::string& file_name);

}  // namespace switchboard::mllp
