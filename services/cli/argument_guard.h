// No child's identity on a command line: other users of the machine can list it, and shells keep
// it. Ten digits that pass the arithmetic of an NHS number are refused wherever they stand. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::cli {

bool names_nhs_number(std::string_view text);
// Advice when one of the arguments holds an NHS number, also when it was typed as three words.
// It does not repeat the number.
std::optional<std::string> refuse_identity(const std::vector<std::string>& arguments);

}  // namespace switchboard::cli
